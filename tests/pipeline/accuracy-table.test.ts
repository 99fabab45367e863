import * as assert from "node:assert/strict";
import { claudeCodeSettings } from "../../client/settings";
import { metrics } from "../../telemetry/client-metrics";
import { accuracyRows, accuracyTable } from "../support/accuracy-table";
import { clientVersion, installClient } from "../support/clients/claude-client";
import { runClientSessions } from "../support/clients/client-sessions";
import { assertSameAmounts, sameAmount } from "../support/compare";
import { startMessagesApi } from "../support/clients/messages-api";
import { startOtlpTee } from "../support/otlp/otlp-tee";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { sleep } from "../support/processes";
import { ScrapeExporterStack } from "../support/collectors/scrape-exporter-stack";
import { readTotals } from "../support/prometheus/totals";

/** Two scrapes at the usual 15 s, and a little. */
const twoScrapesMs = 33_000;

describe("the same real traffic through this stack and through a scrape exporter", function () {
  this.timeout(180_000);
  let ours: PipelineStack;
  let scraped: ScrapeExporterStack;

  before(async () => {
    await installClient();
    [ours, scraped] = await Promise.all([PipelineStack.start(), ScrapeExporterStack.start()]);
  });

  after(async () => {
    await Promise.all([ours.stop(), scraped.stop()]);
  });

  it("summed deltas equal the truth; increase() over scraped totals does not", async () => {
    const api = await startMessagesApi();
    const tee = await startOtlpTee(ours.otlpHttpUrl, scraped.collector.otlpHttpUrl);
    const settings = claudeCodeSettings({
      otlpHttpUrl: tee.url,
      metricsIntervalSeconds: 10,
      logsIntervalSeconds: 5,
    });
    const truth = await runClientSessions({
      api,
      directory: ours.directory,
      telemetry: settings.env,
      resourceAttributes: { team: "core" },
      withLongSession: true,
    });
    await tee.stop();
    await api.stop();
    await ours.drained();
    await sleep(twoScrapesMs);

    assert.deepEqual(tee.secondFailures, [], "the scrape exporter's collector accepted the same traffic");
    const scrapedSeries = await scraped.prometheus.reader.query(`count(${metrics.cost.prometheus})`);
    assert.ok((scrapedSeries[0]?.value ?? 0) > 0, "the scrape exporter's cost series were scraped");
    const window = { window: "10m", matchers: 'team="core"' };
    const found = await readTotals(ours.reader, window);
    const increased = await readTotals(scraped.prometheus.reader, { ...window, windowFunction: "increase" });
    const rows = accuracyRows(truth, found, increased);
    process.stdout.write(
      `\nSeven sessions of Claude Code ${clientVersion}, one of them of 45 s:\n\n${accuracyTable(rows)}\n\n`,
    );

    assertSameAmounts(truth, found, "deltas summed against the truth");
    for (const row of rows) {
      assert.ok(
        !sameAmount(row.truth, row.scrapeExporter),
        `${row.title}: increase() found the truth, ${row.truth}; expected it to differ`,
      );
    }
  });
});
