import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";

const amount = z.int();
const optional = z.int().default(0);
const totalsSchema = z.object({
  costMicroUsd: amount,
  tokensInput: amount,
  tokensOutput: amount,
  tokensCacheRead: amount,
  tokensCacheCreation: amount,
  sessions: optional,
  linesAdded: optional,
  linesRemoved: optional,
  commits: optional,
  pullRequests: optional,
  editDecisions: optional,
  activeMilliseconds: optional,
  users: amount,
});
const truthSchema = z.object({
  parameters: z.object({
    developers: z.int(),
    sessionsPerDay: z.int(),
    days: z.int(),
    end: z.int(),
    seed: z.int(),
  }),
  size: z.object({ series: z.int(), chunks: z.int(), samples: z.int(), blocks: z.int() }),
  windows: z.array(
    z.object({
      days: z.int(),
      total: totalsSchema,
      teams: z.record(z.string(), totalsSchema),
      models: z.record(z.string(), totalsSchema),
    }),
  ),
  days: z.array(z.object({ end: z.int(), total: totalsSchema })),
});

/** Exact amounts, as generated. By model there are only cost, tokens, lines and users. */
export type TrueTotals = z.infer<typeof totalsSchema>;

/** What the generator wrote beside a history: windows and days that end at its end or whole days before, left-open. */
export type Truth = z.infer<typeof truthSchema>;

/** Reads a history's truth. Throws unless it is there and whole. */
export function readTruth(history: string): Truth {
  return truthSchema.parse(JSON.parse(fs.readFileSync(path.join(history, "truth.json"), "utf8")));
}
