import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../../failure.ts';
import { documentsIn, type SourceDocument } from '../../plan/documents.ts';

/** What became of a manifest: its objects, or why it is none. */
export type ReadManifest = { readonly documents: readonly SourceDocument[] } | { readonly refusal: string };

function read(manifest: string): ReadManifest {
  try {
    return { documents: documentsIn('the manifest', manifest) };
  } catch (error) {
    if (error instanceof UserError) return { refusal: error.message };
    // The parser counts aliases, and calls itself for each level.
    if (error instanceof ReferenceError || error instanceof RangeError)
      return { refusal: 'the manifest repeats itself by too many aliases, or is nested too deeply' };
    throw error;
  }
}

// Given by the one who started this thread: see `readManifest`.
parentPort?.postMessage(read(workerData as string));
