import { escaped, usdText } from "./format";
import type { DayCost } from "./report";
import { filled, type ReportWords } from "./words";

/** Size of the drawing in its own units; the page scales it. */
const size = { width: 1000, height: 196 } as const;
const plot = { left: 64, right: 990, top: 12, bottom: 164 } as const;

const kinds = [
  { kind: "metered", colour: "#2f6f4f" },
  { kind: "seat", colour: "#8fb8de" },
  { kind: "guessed", colour: "#c4b27a" },
] as const;
const lineColour = "#1a1a1a";

/** Cost by day as inline SVG: reported cost stacked, charged cost as a line. */
export function costChart(days: readonly DayCost[], words: ReportWords): string {
  const stacked = days.map(({ metered, seat, guessed }) => metered + seat + guessed);
  const top = scaleTop(Math.max(...stacked, ...days.map(({ charged = 0 }) => charged)));
  const height = (usd: number) => ((plot.bottom - plot.top) * Math.max(0, usd)) / top;
  const width = (plot.right - plot.left) / Math.max(1, days.length);
  const left = (index: number) => plot.left + index * width;
  const bars = days.map((day, index) => bar(day, left(index) + width * 0.12, width * 0.76, height, words));
  const dates = days.map(({ date }, index) =>
    index % 5 === 0 || index === days.length - 1
      ? label(left(index) + width / 2, plot.bottom + 14, "middle", date.slice(8))
      : "",
  );
  const points = days.flatMap(({ charged }, index) =>
    charged === undefined ? [] : [`${short(left(index) + width / 2)},${short(plot.bottom - height(charged))}`],
  );
  const line =
    points.length === 0
      ? ""
      : `<polyline points="${points.join(" ")}" fill="none" stroke="${lineColour}" stroke-width="2"/>`;
  const title = escaped(words.chart.title);
  return (
    `<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${title}"><title>${title}</title>` +
    [...scale(top, height), ...bars, line, ...dates, ...legend(days, points.length > 0, words)].join("") +
    "</svg>"
  );
}

function bar(day: DayCost, x: number, width: number, height: (usd: number) => number, words: ReportWords): string {
  let y: number = plot.bottom;
  const parts = kinds.map(({ kind, colour }) => {
    const high = height(day[kind]);
    y -= high;
    const box = `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(high)}"`;
    return high === 0 ? "" : `<rect ${box} fill="${colour}"/>`;
  });
  const usd = usdText(day.metered + day.seat + day.guessed);
  const tooltip = escaped(filled(words.chart.tooltip, { date: day.date, usd }));
  return `<g><title>${tooltip}</title>${parts.join("")}</g>`;
}

/** Lines at nothing, half and all of the scale. */
function scale(top: number, height: (usd: number) => number): string[] {
  return [0, top / 2, top].map((usd) => {
    const y = plot.bottom - height(usd);
    const line = `<path d="M${plot.left} ${short(y)}H${plot.right}" stroke="#ccc" stroke-width="1"/>`;
    return line + label(plot.left - 6, y + 4, "end", usdText(usd));
  });
}

function legend(days: readonly DayCost[], hasLine: boolean, words: ReportWords): string[] {
  const shown = kinds
    .filter(({ kind }) => days.some((day) => day[kind] > 0))
    .map(({ kind, colour }) => ({ colour, text: words.columns[kind] }));
  const all = [...shown, ...(hasLine ? [{ colour: lineColour, text: words.chart.charged }] : [])];
  return all.map(({ colour, text }, index) => {
    const x = plot.left + index * 230;
    return `<rect x="${x}" y="${size.height - 10}" width="9" height="9" fill="${colour}"/>${label(x + 14, size.height - 2, "start", text)}`;
  });
}

function label(x: number, y: number, anchor: "start" | "middle" | "end", text: string): string {
  return `<text x="${short(x)}" y="${short(y)}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

/** The next of 1, 2, 5 times a power of ten; 1 for nothing. */
function scaleTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 0.01)));
  const factor = [1, 2, 5, 10].find((each) => each * power >= most) ?? 10;
  return most <= 0 ? 1 : factor * power;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
