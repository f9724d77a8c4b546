import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { systemErrorCode } from './control-plane-error.ts';

/** A process that cannot be mistaken for a later one with the same number: its id, and when it was started. */
export interface ProcessIdentity {
  readonly pid: number;
  /** An opaque text that differs between two processes that had the same id. */
  readonly started: string;
}

/** Identifies a process, or undefined when there is none with this id (a zombie counts as gone). */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const started = process.platform === 'linux' ? await startOnLinux(pid) : await startFromPs(pid);
  return started === undefined ? undefined : { pid, started };
}

/** Whether exactly this process, and not a later one with its number, still runs. */
export async function isProcessAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identifyProcess(identity.pid))?.started === identity.started;
}

/** Resident memory of these processes together, in bytes; those that are gone count as zero. */
export async function residentMemory(pids: readonly number[]): Promise<number> {
  const sizes = await Promise.all(pids.map((pid) => (process.platform === 'linux' ? rssOnLinux(pid) : rssFromPs(pid))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Field 22 of /proc/PID/stat: clock ticks from boot to the start of the process (proc_pid_stat(5)). */
async function startOnLinux(pid: number): Promise<string | undefined> {
  const text = await readIfThere(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

async function rssOnLinux(pid: number): Promise<number> {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec((await readIfThere(`/proc/${pid}/status`)) ?? '')?.[1];
  return Number(kibibytes ?? 0) * 1024;
}

async function startFromPs(pid: number): Promise<string | undefined> {
  const [state, ...started] = (await ps(pid, 'stat=,lstart=')).split(/\s+/);
  return state === undefined || state === '' || state.startsWith('Z') ? undefined : started.join(' ');
}

async function rssFromPs(pid: number): Promise<number> {
  return Number((await ps(pid, 'rss=')) || 0) * 1024;
}

async function ps(pid: number, format: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', format, '-p', String(pid)]);
    return stdout.trim();
  } catch {
    // ps ends with code 1 when there is no such process.
    return '';
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
