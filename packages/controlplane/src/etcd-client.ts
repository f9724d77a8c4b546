import { request } from 'node:http';
import { isRecord } from './admin-api.ts';

/** Whether etcd answers on its socket and has a leader. */
export async function isEtcdHealthy(socketPath: string): Promise<boolean> {
  try {
    const answer = await ask(socketPath, 'GET', '/health');
    return isRecord(answer) && answer['health'] === 'true';
  } catch {
    // Not listening yet, or cut off in the middle of starting: not healthy is the answer, whatever the cause.
    return false;
  }
}

/** Compacts etcd to its newest revision and gives that revision. Rejects when etcd does not answer. */
export async function compactToNewest(socketPath: string): Promise<string> {
  const newest = await ask(socketPath, 'POST', '/v3/kv/range', { key: Buffer.from('/').toString('base64') });
  const header = isRecord(newest) ? newest['header'] : undefined;
  const revision = isRecord(header) ? header['revision'] : undefined;
  if (typeof revision !== 'string') throw new Error(`etcd at ${socketPath} gave no revision`);
  await ask(socketPath, 'POST', '/v3/kv/compaction', { revision, physical: true });
  return revision;
}

/** One request to etcd's JSON gateway (etcd.io: "gRPC gateway"). */
function ask(socketPath: string, method: string, path: string, body?: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const options = { socketPath, method, path, host: 'etcd', agent: false, signal: AbortSignal.timeout(5_000) };
    const sent = request(options, (reply) => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (part: string) => {
        text += part;
      });
      reply.once('error', reject);
      reply.once('end', () => {
        if (reply.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`etcd ${path}: HTTP ${reply.statusCode}: ${text}`));
      });
    });
    sent.once('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
