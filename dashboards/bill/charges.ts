import { line, type PanelGroup, panelGroup } from "../kit/layout";
import { column, legendOf, PanelFactory } from "../kit/panels";
import { units } from "../kit/units";
import type { DashboardOptions } from "../options";
import { withRemainder } from "../queries/amount";
import { discount, inRange } from "../queries/bill";
import type { Matchers } from "../queries/selector";
import { billLabels, billMetrics } from "../../telemetry/bill";
import { labels } from "../../telemetry/labels";
import { tokenTypes } from "../../telemetry/prices";

/** The group that answers "what was charged, and at which price?". */
export function charges(matchers: Matchers, options: DashboardOptions): PanelGroup {
  const { charges: words } = options.text.bill;
  const panels = new PanelFactory(options);
  const { models, tokens } = words;
  const byModel = [labels.model];
  const named = (expr: string) => withRemainder(expr, labels.model, words.withoutModel);
  const ofType = (type: (typeof tokenTypes)[number]) =>
    inRange(billMetrics.tokens, { matchers: [`${labels.type}="${type}"`], by: byModel });
  return panelGroup(words.row, 400, [
    line(8, [
      panels.ranking(
        words.products,
        units.usd,
        inRange(billMetrics.charged, { matchers, by: [billLabels.product] }),
        legendOf(billLabels.product),
      ),
      panels.table(models, { [labels.model]: models.columns.model }, [
        column(models.columns.charged, units.usd, named(inRange(billMetrics.charged, { by: byModel }))),
        column(models.columns.list, units.usd, named(inRange(billMetrics.list, { by: byModel }))),
        column(models.columns.discount, units.share, named(discount(byModel))),
      ]),
    ]),
    line(8, [
      panels.table(
        tokens,
        { [labels.model]: tokens.columns.model },
        tokenTypes.map((type) => column(tokens.columns[type], units.count, named(ofType(type)))),
      ),
    ]),
  ]);
}
