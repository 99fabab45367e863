import { fixed } from "./format";
import type { Report } from "./report";
import type { Line } from "./table";
import { filled, lineName, orNotSet, type ReportWords } from "./words";

/** A number as it is printed; texts are plain strings. */
interface NumberCell {
  readonly number: string;
}

/** A cell of a CSV file. */
export type Cell = string | NumberCell;

/** Excel takes a file for UTF-8 only if it begins with this. */
const byteOrderMark = "\uFEFF";

/** A report as a CSV file: a header, its lines, and its notes as lines of their own. */
export function reportCsv({ month, lines, notes, words }: Report): string {
  const rows = lines.map((line) => lineCells(line, month.name, words));
  const header = headerCells(words);
  const noted = notes.map((note) => [words.lines.note, month.name, "", note, ...header.slice(4).map(() => "")]);
  return csv([header, ...rows, ...noted]);
}

/** Records as RFC 4180 asks for them. */
export function csv(records: readonly (readonly Cell[])[]): string {
  return byteOrderMark + records.map((cells) => `${cells.map(cellText).join(",")}\r\n`).join("");
}

function cellText(cell: Cell): string {
  if (typeof cell !== "string") {
    return cell.number;
  }
  // A spreadsheet would take the text for a formula.
  const plain = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

function headerCells({ columns, units }: ReportWords): string[] {
  const usd = (column: string) => filled(units.usd, { column });
  const percent = (column: string) => filled(units.percent, { column });
  return [
    columns.line,
    columns.month,
    columns.team,
    columns.name,
    usd(columns.metered),
    usd(columns.seat),
    usd(columns.guessed),
    usd(columns.charged),
    percent(columns.share),
    usd(columns.budget),
    percent(columns.used),
    percent(columns.change),
  ];
}

function lineCells(line: Line, month: string, words: ReportWords): Cell[] {
  return [
    words.lines[line.kind],
    month,
    line.kind === "total" ? "" : orNotSet(line.team, words),
    lineName(line, words),
    ...[line.metered, line.seat, line.guessed, line.charged].map((cents) => decimal(cents, 100, 2)),
    decimal(line.share, 10, 1),
    decimal(line.budget, 1, 2),
    decimal(line.used, 0.01, 1),
    decimal(line.change, 0.01, 1),
  ];
}

/** An absent number is an empty cell, which programs read as none. */
function decimal(value: number | undefined, divisor: number, digits: number): Cell {
  return value === undefined ? "" : { number: fixed(value / divisor, digits) };
}
