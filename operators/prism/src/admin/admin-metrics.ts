import { Agent, type IncomingMessage, request } from 'node:http';
import type { MemberAnswer } from './leadership.ts';

/** Where the metrics of one member of prism-admin are. */
export interface MemberAddress {
  readonly pod: string;
  readonly ip: string;
  readonly port: number;
}

/** Asks members of prism-admin for their metrics. The only door to a running pod. */
export interface AdminMetrics {
  /**
   * The text of `/metrics`.
   * @throws {Error} in one sentence, when there is no answer in time
   */
  ask(member: MemberAddress, signal: AbortSignal): Promise<string>;
}

/** How long an answer may take, in ms. */
const timeoutMs = 2_000;

/** More than this is no answer to anything asked here. */
const longestAnswer = 4_194_304;

/** Asks members over HTTP, at the addresses of their pods. */
export function adminMetrics(): AdminMetrics {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 64, timeout: 60_000 });
  return {
    async ask({ ip: host, port }, signal) {
      const limit = AbortSignal.timeout(timeoutMs);
      const options = { host, port, path: '/metrics', agent, signal: AbortSignal.any([limit, signal]) };
      try {
        return await new Promise<string>((resolve, reject) => {
          const outgoing = request(options, (incoming) => void textOf(incoming).then(resolve, reject));
          outgoing.on('error', reject);
          outgoing.end();
        });
      } catch (error) {
        if (limit.aborted) throw new Error(`no answer within ${timeoutMs} ms`, { cause: error });
        throw error;
      }
    },
  };
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > longestAnswer) throw new Error('the answer is longer than 4 MiB');
  }
  if (incoming.statusCode !== 200) throw new Error(`it answers with status ${incoming.statusCode}`);
  return Buffer.concat(chunks).toString();
}

/** The value of `prism_admin_raft_state` of a leader; 0 follows, 1 is a candidate, 3 has stopped. */
const leads = 2;

/** Asks one member whether it leads. One that gives no usable answer is `Silent`. */
export async function askMember(
  metrics: AdminMetrics,
  member: MemberAddress,
  signal: AbortSignal,
): Promise<MemberAnswer> {
  try {
    const state = raftStateIn(await metrics.ask(member, signal));
    if (state === undefined) return { kind: 'Silent', why: 'its metrics have no prism_admin_raft_state' };
    return state === leads ? { kind: 'Leads' } : { kind: 'Follows' };
  } catch (error) {
    return { kind: 'Silent', why: error instanceof Error ? error.message : 'it could not be asked' };
  }
}

/** The series has no labels. https://prometheus.io/docs/instrumenting/exposition_formats/ */
function raftStateIn(text: string): number | undefined {
  const [, value] = /^prism_admin_raft_state(?:\{[^}]*\})?[ \t]+(\S+)/m.exec(text) ?? [];
  const state = Number(value ?? Number.NaN);
  return Number.isNaN(state) ? undefined : state;
}
