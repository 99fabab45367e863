import * as fs from "node:fs";

/** Memory of a process, in bytes. */
export interface Memory {
  /** All of it that is in RAM, files that it has mapped included. */
  readonly resident: number;
  /** What is its own: not files, which the kernel can drop at any time. */
  readonly own: number;
}

/** What a process needed within a span of time. */
export interface Usage {
  /** The highest values seen. */
  readonly memory: Memory;
  /** Seconds of a core. Says how long something takes on an idle machine when this one is not. */
  readonly cpuSeconds: number;
}

/** Linux counts a process' time in hundredths of a second, whatever the kernel's own clock does. */
const ticksPerSecond = 100;

/** Reads a process' memory from the text of its `/proc/<pid>/status`. Throws if it does not tell. */
export function parseMemory(status: string): Memory {
  const kilobytes = (field: string): number => {
    const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status);
    if (match === null) {
      throw new Error(`found no ${field} in a process' status; expected Linux' format`);
    }
    return Number(match[1]);
  };
  return { resident: kilobytes("VmRSS") * 1024, own: kilobytes("RssAnon") * 1024 };
}

/** Reads the seconds of a core that a process has used, from the text of its `/proc/<pid>/stat`. */
export function parseCpuSeconds(stat: string): number {
  // The command's name, in parentheses, may hold blanks; user and system time are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Memory of a process now. Throws if it has ended. */
export function memoryOf(pid: number): Memory {
  return parseMemory(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
}

/** Follows a process until the returned function is called, which tells what it needed meanwhile. */
export function watchProcess(pid: number, intervalMs = 50): () => Usage {
  let memory: Memory = { resident: 0, own: 0 };
  const cpu: number[] = [];
  const look = (): void => {
    try {
      const { resident, own } = memoryOf(pid);
      memory = { resident: Math.max(memory.resident, resident), own: Math.max(memory.own, own) };
      cpu.push(parseCpuSeconds(fs.readFileSync(`/proc/${pid}/stat`, "utf8")));
    } catch {
      // It has ended; what was seen before stands.
    }
  };
  look();
  const timer = setInterval(look, intervalMs);
  return () => {
    clearInterval(timer);
    look();
    return { memory, cpuSeconds: (cpu.at(-1) ?? 0) - (cpu[0] ?? 0) };
  };
}
