import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions, Plan } from "../options";
import { PanelFactory } from "../kit/panels";
import { cost, seatsCost } from "../queries/cost";
import { users } from "../queries/usage";
import { units } from "../kit/units";
import { filterMatchers as matchers } from "../kit/variables";

/** The group that answers "are the seats worth it?", for teams that pay by seat. */
export function seatsGroup(plan: Extract<Plan, { kind: "seats" }>, options: DashboardOptions): PanelGroup {
  const words = options.text.spend.seats;
  const panels = new PanelFactory(options);
  const value = cost("$__range", { matchers });
  const price = seatsCost(plan.seats * plan.pricePerSeat);
  return {
    title: words.row,
    firstId: 400,
    lines: [
      {
        height: 4,
        panels: [
          panels.total(words.value, units.usd, value),
          panels.stat(words.cost, units.usd, price),
          panels.stat(words.factor, units.count, `${value} / ${price}`),
          panels.stat(words.used, units.share, `${users("$__range", { matchers })} / ${plan.seats}`),
        ],
      },
    ],
  };
}
