import { TransportError } from '../api-error.ts';
import type { WatchEvent } from '../client.ts';
import type { Clock } from '../clock.ts';
import { objectFrom, parseJson } from '../decode.ts';
import { recordIn, stringIn } from '../json.ts';
import type { KubeObject } from '../object.ts';
import type { ResourceType } from '../resource-type.ts';
import { apiErrorFromEvent } from '../status.ts';
import type { HttpResponse } from '../transport/http-exchange.ts';
import { readChunks } from '../transport/read-body.ts';
import { LineSplitter } from './line-splitter.ts';

/** Parsing stops for the rest of the program after this long. One object of usual size takes about 0.1 ms. */
const SLICE_MS = 8;
/** etcd takes objects of 1.5 MB; JSON and managedFields may make them several times as long. */
const MAX_EVENT_BYTES = 64 * 1024 * 1024;
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

interface WatchStreamContext {
  /** `GET /api/v1/pods`, for errors. */
  readonly request: string;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/**
 * The events in the body of a watch, one JSON object per line, as they arrive and no faster than they are read.
 *
 * However many are waiting, the event loop gets its turn every few milliseconds. Throws an ApiError for an `ERROR`
 * event, and a TransportError when the body breaks off or ends inside a line.
 */
export async function* readWatch<T extends KubeObject>(
  type: ResourceType<T>,
  response: HttpResponse,
  context: WatchStreamContext,
): AsyncGenerator<WatchEvent<T>> {
  const lines = new LineSplitter(MAX_EVENT_BYTES);
  let sliceEnds = context.clock.monotonic() + SLICE_MS;
  for await (const chunk of readChunks(response, context.request)) {
    for (const line of linesOf(lines, chunk, context.request)) {
      yield eventFrom(type, parseJson(line, context.request), context.request);
      if (context.clock.monotonic() < sliceEnds) continue;
      await nextTurn();
      sliceEnds = context.clock.monotonic() + SLICE_MS;
    }
  }
  if (lines.pendingBytes > 0) throw broken(context.request, 'ended inside an event', undefined);
}

function* linesOf(splitter: LineSplitter, chunk: Buffer, request: string): Generator<string> {
  try {
    yield* splitter.push(chunk);
  } catch (cause) {
    if (cause instanceof RangeError) throw broken(request, cause.message, cause);
    throw cause;
  }
}

function eventFrom<T extends KubeObject>(type: ResourceType<T>, event: unknown, request: string): WatchEvent<T> {
  const kind = stringIn(event, 'type');
  const object = recordIn(event, 'object');
  switch (kind) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type: kind, object: objectFrom(type, object, request) };
    case 'BOOKMARK':
      return bookmarkFrom(object, request);
    case 'ERROR':
      throw apiErrorFromEvent(object, request);
    default:
      throw broken(request, 'holds an event of no known type', undefined);
  }
}

function bookmarkFrom(object: unknown, request: string): WatchEvent<never> {
  const metadata = recordIn(object, 'metadata');
  const resourceVersion = stringIn(metadata, 'resourceVersion');
  if (resourceVersion === undefined) throw broken(request, 'holds a bookmark without resourceVersion', undefined);
  const initialEventsEnd = stringIn(recordIn(metadata, 'annotations'), INITIAL_EVENTS_END) === 'true';
  return { type: 'BOOKMARK', resourceVersion, initialEventsEnd };
}

function broken(request: string, what: string, cause: unknown): TransportError {
  return new TransportError(`${request}: the watch ${what}`, { cause, maySent: true });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
