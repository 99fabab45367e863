/** Name of the extension that keeps the sending queues on disk. */
export const queueStorage = "file_storage/queue";

/** Arguments of {@link queueStorageConfig}. */
export interface QueueStorageArgs {
  /** Folder of the sending queues; must survive restarts of the process. */
  readonly queueDirectory: string;
  /** Writes each change of a queue to the disk itself before a client is answered. Default false. */
  readonly fsync?: boolean;
}

/** Configuration of the extension {@link queueStorage}. */
export function queueStorageConfig({ queueDirectory: directory, fsync = false }: QueueStorageArgs): object {
  return {
    directory,
    create_directory: true,
    timeout: "10s",
    fsync,
    compaction: { directory, on_start: true, on_rebound: true, cleanup_on_start: true },
  };
}
