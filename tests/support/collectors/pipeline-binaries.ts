import { ensureTools } from "../../../lab/lab";

/** Paths of the real programs that the pipeline tests run. */
export interface PipelineBinaries {
  readonly collector: string;
  readonly prometheus: string;
  readonly promtool: string;
}

/** The pinned binaries; built on first use, which can take minutes. Rejects if a build fails. */
export async function pipelineBinaries(): Promise<PipelineBinaries> {
  return ensureTools(["collector", "prometheus", "promtool"]);
}
