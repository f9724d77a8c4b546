import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SourceDocument } from '../../plan/documents.ts';
import { Refused } from '../refused.ts';
import type { ReadManifest } from './manifest-worker.ts';

/** A real manifest is read in some milliseconds. */
const patienceMs = 5_000;
/** Megabytes: far more than the objects of a manifest need. */
const memory = 256;
/** Beside this file, compiled as it is. */
const program = new URL(`./manifest-worker${extname(new URL(import.meta.url).pathname)}`, import.meta.url);

/**
 * Reads the objects of a manifest beside everything else: a text can be written so that its reading takes minutes, and nobody else
 * shall wait for it.
 *
 * @throws {Refused} 400 with the line where it is no YAML, or when reading takes longer than 5 s
 */
export async function readManifest(manifest: string): Promise<readonly SourceDocument[]> {
  const worker = new Worker(program, { workerData: manifest, resourceLimits: { maxOldGenerationSizeMb: memory } });
  const read = Promise.withResolvers<ReadManifest>();
  const tooLong = () =>
    read.resolve({ refusal: 'the manifest takes too long to be read: it is too large, or nested too deeply' });
  const patience = setTimeout(tooLong, patienceMs);
  worker.on('message', read.resolve);
  // Out of memory, or of stack.
  worker.on('error', tooLong);
  try {
    const answer = await read.promise;
    if ('refusal' in answer) throw new Refused(400, answer.refusal);
    return answer.documents;
  } finally {
    clearTimeout(patience);
    await worker.terminate();
  }
}
