import { readFile } from 'node:fs/promises';

/** What a process uses, as the Linux kernel accounts for it. */
export interface ProcessUsage {
  /** Bytes in memory now (VmRSS). */
  readonly rss: number;
  /** Most bytes it ever had in memory (VmHWM). */
  readonly peakRss: number;
  /** Seconds of processor time so far, user and system. */
  readonly cpuSeconds: number;
}

/** USER_HZ: the unit of times in /proc, 100 on every Linux architecture that Node runs on. */
const ticksPerSecond = 100;

/** Reads the usage of a running process; undefined where there is no /proc. Throws when the process is gone. */
export async function usageOf(pid: number): Promise<ProcessUsage | undefined> {
  if (process.platform !== 'linux') return undefined;
  const [status, stat] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
  ]);
  return parseUsage(status, stat);
}

/**
 * Takes the usage from the texts of /proc/PID/status and /proc/PID/stat (proc(5)).
 * Throws an Error for a text that is neither, such as that of a zombie, which has no memory.
 */
export function parseUsage(status: string, stat: string): ProcessUsage {
  // The second field is the name in parentheses, and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { rss: kilobytes(status, 'VmRSS'), peakRss: kilobytes(status, 'VmHWM'), cpuSeconds: ticks / ticksPerSecond };
}

function kilobytes(status: string, field: string): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status);
  if (found === null) throw new Error(`/proc status has no ${field}`);
  return Number(found[1]) * 1_024;
}
