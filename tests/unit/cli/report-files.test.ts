import assert from "node:assert/strict";

import { csv, reportCsv } from "../../../cli/report/csv";
import { escaped, fixed, usdText } from "../../../cli/report/format";
import { reportHtml } from "../../../cli/report/html";
import { monthOf } from "../../../cli/report/month";
import type { Report } from "../../../cli/report/report";
import type { Line } from "../../../cli/report/table";
import { texts } from "../../../dashboards/text/texts";

const empty = {
  metered: undefined,
  seat: undefined,
  guessed: undefined,
  charged: undefined,
  share: undefined,
  budget: undefined,
  used: undefined,
  change: undefined,
};
const hostile = `<script>alert("1")</script>&'`;

function report(more: Partial<Report> = {}): Report {
  const lines: Line[] = [
    {
      ...empty,
      kind: "team",
      team: "web",
      name: "",
      metered: 123_456,
      seat: 0,
      guessed: 5,
      share: 1000,
      change: -0.125,
    },
    { ...empty, kind: "user", team: "web", name: "=cmd|' /C calc'!A0", metered: 123_456, used: 1.2346, budget: 1000 },
    { ...empty, kind: "product", team: "", name: "chat", charged: -250 },
    { ...empty, kind: "unmatched", team: "web", name: "of-later-releases", charged: 100 },
    { ...empty, kind: "total", team: "", name: "", metered: 123_456, charged: -150, change: 0.5 },
  ];
  const days = [
    { date: "2026-11-01", metered: 30, seat: 10, guessed: 0, charged: 20 },
    { date: "2026-11-02", metered: 0, seat: 0, guessed: 0, charged: 0 },
  ];
  const month = monthOf("2026-11", "UTC");
  return { month, team: undefined, lines, days, notes: ["One, two.", "Three."], words: texts.en.report, ...more };
}

/** Records of a CSV file, read by the rules of RFC 4180. */
function parsed(text: string): string[][] {
  const records: string[][] = [[]];
  for (const [, quoted, plain = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    if (end === "" && quoted === undefined && plain === "") {
      break;
    }
    records.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\r\n") {
      records.push([]);
    }
  }
  return records.filter((record) => record.length > 0);
}

describe("a CSV file", () => {
  it("has quotes where RFC 4180 asks for them, and CRLF after each record", () => {
    assert.equal(
      csv([
        ["a", "b,c", 'd"e', "f\ng", ""],
        [{ number: "-1.50" }, "團隊", " x", "", "z"],
      ]),
      '\uFEFFa,"b,c","d""e","f\ng",\r\n-1.50,團隊, x,,z\r\n',
    );
  });

  for (const start of ["=", "+", "-", "@", "\t", "\r"]) {
    it(`has an apostrophe before a text that begins with ${JSON.stringify(start)}, and leaves numbers`, () => {
      assert.deepEqual(parsed(csv([[`${start}1+1`, { number: "-7" }]]).slice(1)), [[`'${start}1+1`, "-7"]]);
    });
  }

  it("of a report has a header, a record for each line and each note, all of one length", () => {
    const text = reportCsv(report());
    const records = parsed(text.slice(1));
    assert.deepEqual(new Set(records.map(({ length }) => length)), new Set([12]));
    assert.deepEqual(records[0], [
      "Line",
      "Month",
      "Team",
      "User",
      "Metered (USD)",
      "Seat value (USD)",
      "Guessed price (USD)",
      "Charged (USD)",
      "Share (%)",
      "Budget (USD)",
      "Budget used (%)",
      "Change (%)",
    ]);
    assert.deepEqual(records.slice(1), [
      ["team", "2026-11", "web", "web, all users", "1234.56", "0.00", "0.05", "", "100.0", "", "", "-12.5"],
      ["user", "2026-11", "web", "'=cmd|' /C calc'!A0", "1234.56", "", "", "", "", "1000.00", "123.5", ""],
      ["other product", "2026-11", "not set", "Other product: chat", "", "", "", "-2.50", "", "", "", ""],
      ["nobody's", "2026-11", "web", "Claude Code that is nobody's", "", "", "", "1.00", "", "", "", ""],
      ["total", "2026-11", "", "Total", "1234.56", "", "", "-1.50", "", "", "", "50.0"],
      ["note", "2026-11", "", "One, two.", "", "", "", "", "", "", "", ""],
      ["note", "2026-11", "", "Three.", "", "", "", "", "", "", "", ""],
    ]);
  });
});

describe("an HTML page", () => {
  it("shows every text as it is, wherever it came from", () => {
    const lines: Line[] = [
      { ...empty, kind: "user", team: hostile, name: hostile },
      { ...empty, kind: "team", team: hostile, name: "" },
      { ...empty, kind: "product", team: hostile, name: hostile },
    ];
    const html = reportHtml(report({ lines, notes: [hostile], team: hostile }));
    assert.doesNotMatch(html, /<script/);
    // Two in the title and heading, a user, a team, a product with its team, a note.
    assert.equal(html.split("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;").length - 1, 7);
    assert.equal(escaped(`<a b="c" d='e'>&`), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
  });

  it("runs nothing and loads nothing", () => {
    const html = reportHtml(report());
    assert.match(html, /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/);
    assert.doesNotMatch(html, /<(?:script|link|img|iframe|object)|https?:|url\(|@import|\son\w+=/i);
  });

  it("has a dash for what is not there, signs for changes, and USD as readers write it", () => {
    const rows = [...reportHtml(report()).matchAll(/<tr class="(\w+)">(.*?)<\/tr>/g)].map(([, kind, cells = ""]) => [
      kind,
      ...[...cells.matchAll(/<td>(.*?)<\/td>/g)].map(([, text]) => text),
    ]);
    assert.deepEqual(rows, [
      ["team", "web, all users", "$1,234.56", "$0.00", "$0.05", "–", "100.0%", "–", "–", "-12.5%"],
      ["user", "=cmd|&#39; /C calc&#39;!A0", "$1,234.56", "–", "–", "–", "–", "$1,000.00", "123.5%", "–"],
      ["product", "Other product: chat", "–", "–", "–", "-$2.50", "–", "–", "–", "–"],
      ["unmatched", "Claude Code that is nobody&#39;s · web", "–", "–", "–", "$1.00", "–", "–", "–", "–"],
      ["total", "Total", "$1,234.56", "–", "–", "-$1.50", "–", "–", "–", "+50.0%"],
    ]);
  });

  it("draws each day's cost to scale, stacked, and what was charged as a line", () => {
    const html = reportHtml(report());
    const heights = [...html.matchAll(/<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)" fill="(#\w+)"/g)]
      .map(([, y, height, fill]) => ({ y: Number(y), height: Number(height), fill }))
      .filter(({ height }) => height !== 9);
    // 152 units down to 164 are 50 USD: 30 metered from below, then 10 of seats. Charged are 20.
    assert.deepEqual(
      heights.map(({ y, height }) => [y, height]),
      [
        [72.8, 91.2],
        [42.4, 30.4],
      ],
    );
    const points = /<polyline points="([^"]*)"/
      .exec(html)![1]!
      .split(" ")
      .map((point) => Number(point.split(",")[1]));
    assert.deepEqual(points, [103.2, 164]);
    const days = [{ date: "2026-11-01", metered: 0, seat: 0, guessed: 0, charged: undefined }];
    const without = reportHtml(report({ days }));
    assert.doesNotMatch(without, /polyline|NaN|Infinity/);
  });

  it("has a column for guessed prices only if there are any", () => {
    const lines: Line[] = [{ ...empty, kind: "total", team: "", name: "", metered: 1, seat: 2, guessed: 0 }];
    const columns = (html: string) => html.match(/<th scope="col">/g)!.length;
    assert.deepEqual([columns(reportHtml(report())), columns(reportHtml(report({ lines })))], [9, 8]);
    assert.equal(reportHtml(report({ lines })).match(/<td>/g)!.length, 8);
  });

  it("is in the stack's language", () => {
    const html = reportHtml(report({ words: texts["zh-TW"].report }));
    assert.match(html, /<html lang="zh-TW">/);
    assert.match(html, /<h1>2026-11 的 Claude Code 費用<\/h1>/);
    assert.doesNotMatch(html, /\{\{/);
  });
});

describe("numbers of a report", () => {
  it("are never a negative zero", () => {
    assert.deepEqual([fixed(-0.04, 1), fixed(-0.06, 1), fixed(12.345, 1)], ["0.0", "-0.1", "12.3"]);
    assert.deepEqual([usdText(-0.001), usdText(-1), usdText(1234.5)], ["$0.00", "-$1.00", "$1,234.50"]);
  });
});
