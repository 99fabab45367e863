import { type Answer, ask, type Model, type Picked, type Target, variableValues } from "../history/grafana";
import { sameAmount } from "../support/compare";

/** The queries of a dashboard that are asked of Prometheus; those of Loki begin with a selector of its stream. */
function targets(model: Model): { readonly title: string; readonly target: Target }[] {
  return model.panels.flatMap(({ title, targets: own = [] }) =>
    own.filter(({ expr }) => !expr.includes("service_name=")).map((target) => ({ title, target })),
  );
}

/** Asks two stores every query of a dashboard, and gives how many were answered and a line for each difference. */
export async function compareAnswers(
  model: Model,
  picked: Picked,
  urls: readonly [string, string],
): Promise<{ readonly answered: number; readonly differences: string[] }> {
  const differences: string[] = [];
  let answered = 0;
  const [first, second] = await Promise.all(urls.map(async (url) => variableValues(url, model, picked)));
  for (const { title, target } of targets(model)) {
    const [ours, theirs] = await Promise.all([
      ask(urls[0], target, first ?? new Map<string, string>(), picked),
      ask(urls[1], target, second ?? new Map<string, string>(), picked),
    ]);
    const amounts = target.expr.includes("topk(") ? ranks : flat;
    const [left, right] = [amounts(ours.answer), amounts(theirs.answer)];
    answered += left.size > 0 ? 1 : 0;
    for (const key of new Set([...left.keys(), ...right.keys()])) {
      const [a, b] = [left.get(key), right.get(key)];
      if (a === undefined || b === undefined || !(sameAmount(a, b) || (Number.isNaN(a) && Number.isNaN(b)))) {
        differences.push(`${model.uid}, ${picked.rangeSeconds} s, ${title}, ${key}: ${a ?? "none"} and ${b ?? "none"}`);
      }
    }
  }
  return { answered, differences };
}

/** By place instead of by name: of two that come to the same, either may be shown. */
function ranks(answer: Answer): Map<string, number> {
  const places = [...answer].flatMap(([time, groups]) =>
    [...groups.values()].sort((a, b) => b - a).map((value, place) => [`${time} place ${place}`, value] as const),
  );
  return new Map(places);
}

function flat(answer: Answer): Map<string, number> {
  return new Map([...answer].flatMap(([time, groups]) => [...groups].map(([key, value]) => [`${time} ${key}`, value])));
}
