import { once } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { TransportError } from '../api-error.ts';
import type { HttpResponse } from './http-exchange.ts';
import { readText } from './read-body.ts';

function responseOf(body: Readable, headers: Record<string, string> = {}): HttpResponse {
  return { status: 200, headers, body, interrupted: () => false, cancel: () => body.destroy() };
}

describe('readText', () => {
  it('joins chunks, also inside a character', async () => {
    const bytes = Buffer.from('ü€😀');
    const body = Readable.from([...bytes].map((byte) => Buffer.from([byte])));
    expect(await readText(responseOf(body), 'GET /')).toBe('ü€😀');
  });

  it('reads what waits in a stream that calls itself closed', async () => {
    // As an HTTP/2 stream does once both sides have said all, whether or not anybody has read it.
    const body = new Readable({ read: () => undefined });
    Object.defineProperty(body, 'closed', { value: true });
    body.push('whole');
    body.push(null);
    expect(await readText(responseOf(body), 'GET /')).toBe('whole');
  });

  it('is a TransportError for a body that failed before anybody looked', async () => {
    const body = new Readable({ read: () => undefined });
    body.destroy(new Error('reset'));
    await once(body, 'error');
    await expect(readText(responseOf(body), 'GET /')).rejects.toThrow(TransportError);
  });

  it('is a TransportError for a body that fails while it is read', async () => {
    const body = new Readable({ read: () => undefined });
    const text = readText(responseOf(body), 'GET /');
    body.destroy();
    await expect(text).rejects.toThrow('GET /: the answer broke off before its end');
  });

  it('is a TransportError for broken compression', async () => {
    const body = Readable.from([Buffer.from('not gzip')]);
    await expect(readText(responseOf(body, { 'content-encoding': 'gzip' }), 'GET /')).rejects.toThrow(TransportError);
  });

  it('is empty for an empty body', async () => {
    expect(await readText(responseOf(Readable.from([])), 'GET /')).toBe('');
  });
});
