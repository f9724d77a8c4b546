import type { DruidLimits } from './druid-limits.ts';
import { DruidLine } from './druid-line.ts';

/** How many Druids are remembered; beyond, those that were idle for longest are forgotten, and connected to anew. */
const mostLines = 256;

/** The lines to every Druid this process talks to, one for each address and trust. */
export class DruidLines {
  readonly #limits: DruidLimits;
  /** By last use, the longest ago first. */
  readonly #lines = new Map<string, DruidLine>();

  constructor(limits: DruidLimits) {
    this.#limits = limits;
  }

  /** The line to a Druid, which all its callers share. */
  to(url: URL, ca: string | undefined): DruidLine {
    const key = `${url.origin} ${ca ?? ''}`;
    const line = this.#lines.get(key) ?? new DruidLine(ca, this.#limits);
    this.#lines.delete(key);
    this.#lines.set(key, line);
    this.#forgetIdle();
    return line;
  }

  #forgetIdle(): void {
    const newest = [...this.#lines.values()].at(-1);
    for (const [key, line] of this.#lines) {
      if (this.#lines.size <= mostLines) return;
      if (!line.isIdle || line === newest) continue;
      this.#lines.delete(key);
      line.close();
    }
  }
}
