import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { TransportError } from '../api-error.ts';
import type { HttpResponse } from './http-exchange.ts';

const decompress = promisify(gunzip);

/** The whole body as text, decompressed. Throws a TransportError when it broke off before its end. */
export async function readText(response: HttpResponse, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of readChunks(response, name)) chunks.push(chunk);
  const whole = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  if (response.headers['content-encoding'] !== 'gzip') return whole.toString('utf8');
  try {
    return (await decompress(whole)).toString('utf8');
  } catch (cause) {
    throw new TransportError(`${name}: the compressed answer is broken`, { cause, maySent: true });
  }
}

/**
 * The body as it arrives, no faster than it is read.
 * Throws a TransportError when it broke off before its end; leaving the loop early cancels the answer.
 */
export async function* readChunks(response: HttpResponse, name: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of response.body) yield chunk;
  } catch (cause) {
    throw brokenOff(name, cause);
  }
  if (response.interrupted()) throw brokenOff(name, undefined);
}

function brokenOff(name: string, cause: unknown): TransportError {
  const detail = cause instanceof Error ? `: ${cause.message}` : '';
  return new TransportError(`${name}: the answer broke off before its end${detail}`, { cause, maySent: true });
}
