import * as fs from "node:fs";
import * as path from "node:path";

import { removeTemporaryDirectory, temporaryDirectory } from "../support/processes";
import { PrometheusProcess } from "../support/prometheus/prometheus-process";
import type { PrometheusReader } from "../support/prometheus/prometheus-reader";
import { ensureTools } from "../../lab/lab";
import { type Coldness, dropPageCache } from "./cold";
import { type Memory, memoryOf } from "./process-usage";
import { readTruth, type Truth } from "./truth";

/** Name of a block's folder. */
const ulid = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** The real Prometheus on a history from the cache, with the stack's own flags. */
export class BenchPrometheus {
  private constructor(
    private readonly server: PrometheusProcess,
    private readonly files: RunFiles,
    readonly truth: Truth,
  ) {}

  /** Starts it on the blocks in `history`, which it leaves as they are. Builds Prometheus on first use. */
  static async start(history: string): Promise<BenchPrometheus> {
    const { prometheus } = await ensureTools(["prometheus"], { log: () => undefined });
    const files = new RunFiles(history);
    const server = await PrometheusProcess.prepare(prometheus, files.configuration, {
      // Nothing is written, so nothing is late.
      outOfOrderTimeWindow: "24h",
      dataDirectory: files.data,
      retention: "400d",
      retentionSize: "1TB",
    });
    const started = new BenchPrometheus(server, files, readTruth(history));
    try {
      await server.start();
    } catch (error) {
      files.remove();
      throw error;
    }
    return started;
  }

  get reader(): PrometheusReader {
    return this.server.reader;
  }

  /** Base URL. */
  get url(): string {
    return this.reader.url;
  }

  get pid(): number {
    return this.server.pid;
  }

  /** The last instant of the history, in seconds since 1970: the "now" of every query. */
  get end(): number {
    return this.truth.parameters.end;
  }

  /** Its memory now. */
  memory(): Memory {
    return memoryOf(this.pid);
  }

  /** Restarts it, so that it has nothing in memory that a query could use, and says how far that holds for its files. */
  async makeCold(): Promise<Coldness> {
    await this.server.stop();
    const coldness = dropPageCache(this.files.data);
    await this.server.start();
    return coldness;
  }

  /** Ends it and removes what it wrote. */
  async stop(): Promise<void> {
    await this.server.stop();
    this.files.remove();
  }
}

/**
 * Folders of one run. The blocks are hard links beside the history: that takes no time and no room, and Prometheus may
 * delete them without harm. It replaces files of a block, but never writes into one.
 */
class RunFiles {
  readonly configuration: string;
  readonly data: string;
  private readonly atExit = (): void => {
    this.remove();
  };

  constructor(history: string) {
    this.configuration = temporaryDirectory("claude-monitoring-bench");
    removeAbandoned(history);
    this.data = `${history}.run-${process.pid}`;
    // Registered after what ends child processes, see temporaryDirectory.
    process.once("exit", this.atExit);
    linkBlocks(history, this.data);
  }

  remove(): void {
    process.off("exit", this.atExit);
    fs.rmSync(this.data, { recursive: true, force: true, maxRetries: 3 });
    removeTemporaryDirectory(this.configuration);
  }
}

/** Makes `target` with the same blocks as `history`, without copying. */
export function linkBlocks(history: string, target: string): void {
  const blocks = fs.readdirSync(history).filter((name) => ulid.test(name));
  for (const file of blocks.flatMap((block) => filesOf(history, block))) {
    fs.mkdirSync(path.dirname(path.join(target, file)), { recursive: true });
    fs.linkSync(path.join(history, file), path.join(target, file));
  }
}

function filesOf(history: string, block: string): string[] {
  return fs
    .readdirSync(path.join(history, block), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(history, path.join(entry.parentPath, entry.name)));
}

/** Removes what runs left behind that were killed with SIGKILL. */
function removeAbandoned(history: string): void {
  const prefix = `${path.basename(history)}.run-`;
  for (const name of fs.readdirSync(path.dirname(history))) {
    if (name.startsWith(prefix) && !fs.existsSync(`/proc/${name.slice(prefix.length)}`)) {
      fs.rmSync(path.join(path.dirname(history), name), { recursive: true, force: true });
    }
  }
}
