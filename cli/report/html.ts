import { costChart } from "./chart";
import { escaped, fixed, usdText } from "./format";
import type { Report } from "./report";
import type { Line } from "./table";
import { filled, lineName, orNotSet, type ReportWords } from "./words";

/** Shown for an absent number. */
const dash = "–";

/** About forty lines, a chart and the notes are one page of A4; a longer table repeats its header. */
const style = `
@page { size: A4 portrait; margin: 10mm 12mm; }
body { font: 8pt/1.25 system-ui, "Noto Sans TC", sans-serif; color: #1a1a1a; max-width: 186mm; margin: 0 auto; padding: 4mm; }
h1 { font-size: 13pt; margin: 0 0 2mm; }
svg { display: block; width: 100%; height: auto; margin-bottom: 2mm; }
svg text { font-size: 11px; fill: #444; }
table { border-collapse: collapse; width: 100%; font-size: 7.2pt; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { padding: 0.25mm 1mm; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; width: 100%; }
thead th { border-bottom: 0.4mm solid #1a1a1a; vertical-align: bottom; }
tr.team td { font-weight: 600; border-top: 0.2mm solid #bbb; }
tr.user td:first-child { padding-left: 4mm; }
tr.product td, tr.unmatched td { border-top: 0.2mm solid #bbb; }
tr.total td { font-weight: 700; border-top: 0.4mm solid #1a1a1a; }
ul { margin: 2mm 0 0; padding-left: 4mm; font-size: 6.5pt; color: #444; }
@media print { body { padding: 0; } * { print-color-adjust: exact; } }
`;

/** A report as one HTML page that loads nothing and runs nothing. */
export function reportHtml({ month, team, lines, days, notes, words }: Report): string {
  const title = [
    filled(words.title, { month: month.name }),
    ...(team === undefined ? [] : [filled(words.ofTeam, { team })]),
  ].join(" · ");
  // An empty column would leave less room for names.
  const hasGuesses = lines.some(({ guessed = 0 }) => guessed !== 0);
  return `<!doctype html>
<html lang="${escaped(words.languageTag)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${costChart(days, words)}
<table>
<thead><tr>${headers(words, hasGuesses)}</tr></thead>
<tbody>
${lines.map((line) => row(line, words, hasGuesses)).join("\n")}
</tbody>
</table>
<ul>
${notes.map((note) => `<li>${escaped(note)}</li>`).join("\n")}
</ul>
</body>
</html>
`;
}

function headers({ columns }: ReportWords, hasGuesses: boolean): string {
  const shown = [
    columns.name,
    columns.metered,
    columns.seat,
    ...(hasGuesses ? [columns.guessed] : []),
    columns.charged,
    columns.share,
    columns.budget,
    columns.used,
    columns.change,
  ];
  return shown.map((name) => `<th scope="col">${escaped(name)}</th>`).join("");
}

function row(line: Line, words: ReportWords, hasGuesses: boolean): string {
  const { metered, seat, guessed, charged } = line;
  const cells = [
    name(line, words),
    ...[metered, seat, ...(hasGuesses ? [guessed] : []), charged].map((cents) =>
      shown(cents, (some) => usdText(some / 100)),
    ),
    shown(line.share, (tenths) => `${fixed(tenths / 10, 1)}%`),
    shown(line.budget, usdText),
    shown(line.used, (share) => `${fixed(share * 100, 1)}%`),
    shown(line.change, change),
  ];
  return `<tr class="${line.kind}">${cells.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`;
}

/** Lines that stand below no team name theirs, if they have one. */
function name(line: Line, words: ReportWords): string {
  const own = lineName(line, words);
  const hasTeam = (line.kind === "product" || line.kind === "unmatched") && line.team !== "";
  return hasTeam ? `${own} · ${orNotSet(line.team, words)}` : own;
}

function change(share: number): string {
  const percent = fixed(share * 100, 1);
  return `${Number(percent) > 0 ? "+" : ""}${percent}%`;
}

function shown(value: number | undefined, text: (value: number) => string): string {
  return value === undefined ? dash : text(value);
}
