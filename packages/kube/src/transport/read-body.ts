import type { Readable } from 'node:stream';
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
 *
 * Reads by hand because Node's own iterator takes an HTTP/2 stream that the server has closed for one that broke off,
 * although its data still waits to be read (seen in 24.21).
 */
export async function* readChunks(response: HttpResponse, name: string): AsyncGenerator<Buffer> {
  const { body } = response;
  const outcome = new Outcome(body);
  try {
    for (;;) {
      const chunk: Buffer | null = body.read();
      if (chunk !== null) yield chunk;
      else if (outcome.ended) break;
      else if (outcome.closed) throw brokenOff(name, outcome.failure);
      else await outcome.change();
    }
    if (response.interrupted()) throw brokenOff(name, undefined);
  } finally {
    outcome.forget();
    if (!outcome.ended) response.cancel();
  }
}

/** How a body stands, and a way to wait until it stands differently. */
class Outcome {
  ended: boolean;
  closed: boolean;
  failure: Error | undefined;
  readonly #body: Readable;
  #wake: () => void = () => undefined;

  constructor(body: Readable) {
    this.#body = body;
    this.ended = body.readableEnded;
    this.closed = body.destroyed;
    this.failure = body.errored ?? undefined;
    body.on('readable', this.#onReadable).on('end', this.#onEnd).on('close', this.#onClose).on('error', this.#onError);
  }

  change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  forget(): void {
    this.#body.off('readable', this.#onReadable).off('end', this.#onEnd).off('close', this.#onClose);
    // The error listener stays: an error after the last look must not end the process.
  }

  readonly #onReadable = () => this.#wake();
  readonly #onEnd = () => {
    this.ended = true;
    this.#wake();
  };
  readonly #onClose = () => {
    this.closed = true;
    this.#wake();
  };
  readonly #onError = (failure: Error) => {
    this.failure = failure;
    this.closed = true;
    this.#wake();
  };
}

function brokenOff(name: string, cause: unknown): TransportError {
  const detail = cause instanceof Error ? `: ${cause.message}` : '';
  return new TransportError(`${name}: the answer broke off before its end${detail}`, { cause, maySent: true });
}
