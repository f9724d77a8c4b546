import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { DruidCall } from './druid-call.ts';
import { DruidGate } from './druid-gate.ts';
import type { DruidLimits } from './druid-limits.ts';

/** How long a connection is kept for the next call, in ms: less than the five minutes after which Druid ends it. */
const idleMs = 60_000;

/** The connections to one Druid, and the gates before them. TLS is always verified. */
export class DruidLine {
  readonly #http = new HttpAgent({ keepAlive: true, timeout: idleMs });
  readonly #https: HttpsAgent;
  readonly #quick: DruidGate;
  /** These take minutes where a stream is gone: they have places of their own, so that nobody else waits for them. */
  readonly #halts: DruidGate;

  /** @param ca PEM of whom to trust, and nobody else; those that Node trusts unless told */
  constructor(ca: string | undefined, limits: Pick<DruidLimits, 'inFlight' | 'haltsInFlight'>) {
    const trusted = ca === undefined ? {} : { ca };
    this.#https = new HttpsAgent({ keepAlive: true, timeout: idleMs, rejectUnauthorized: true, ...trusted });
    this.#quick = new DruidGate(limits.inFlight);
    this.#halts = new DruidGate(limits.haltsInFlight);
  }

  get isIdle(): boolean {
    return this.#quick.isIdle && this.#halts.isIdle;
  }

  agentFor(url: URL): HttpAgent {
    return url.protocol === 'https:' ? this.#https : this.#http;
  }

  gateFor(pace: DruidCall['pace']): DruidGate {
    return pace === 'Halt' ? this.#halts : this.#quick;
  }

  /** Ends the connections that carry no call. */
  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}
