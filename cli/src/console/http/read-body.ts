import type { IncomingMessage } from 'node:http';
import { Refused } from '../refused.ts';

/**
 * Reads the body of a request as UTF-8 text.
 * @param limit bytes
 * @throws {Refused} 413 as soon as there are more, 400 when it is no UTF-8
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw new Error('a request without an encoding gives buffers');
    size += chunk.length;
    if (size > limit) throw new Refused(413, `the manifest is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new Refused(400, 'the manifest is no UTF-8 text');
  }
}
