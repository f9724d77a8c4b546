import { TransportError } from './api-error.ts';
import type { Scale } from './client.ts';
import { isRecord, listIn, numberIn, recordIn, stringIn } from './json.ts';
import type { KubeObject } from './object.ts';
import { apiVersionOf, type ResourceType } from './resource-type.ts';

/** The JSON value of an answer. Throws a TransportError, which never quotes the text, when it is not JSON. */
export function parseJson(text: string, request: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser's own message quotes what it read, which may be a Secret.
    const kind = cause instanceof Error ? cause.name : 'unknown error';
    throw new TransportError(`${request}: the answer is not JSON (${kind}, ${text.length} characters)`, {
      maySent: true,
    });
  }
}

/**
 * An object of a kind, as the server sent it. `apiVersion` and `kind` become those of the type where the server leaves
 * them out (items of lists) or says something else (PartialObjectMetadata). Nothing else is touched.
 */
export function objectFrom<T extends KubeObject>(type: ResourceType<T>, value: unknown, request: string): T {
  const metadata = recordIn(value, 'metadata');
  if (!isRecord(value) || metadata === undefined || typeof metadata['name'] !== 'string') {
    throw malformed(request, `no ${type.kind} object`);
  }
  // Checked above as far as every kind is alike; the shape below `metadata` is the server's promise for this kind.
  return { ...value, apiVersion: apiVersionOf(type), kind: type.kind } as unknown as T;
}

/**
 * What the server answers to a POST. What it only looks at and never stores (TokenReview, SubjectAccessReview) has no name:
 * it is empty then, as in Go.
 */
export function createdFrom<T extends KubeObject>(type: ResourceType<T>, value: unknown, request: string): T {
  const metadata = recordIn(value, 'metadata');
  if (!isRecord(value) || metadata === undefined || 'name' in metadata) return objectFrom(type, value, request);
  return objectFrom(type, { ...value, metadata: { ...metadata, name: '' } }, request);
}

/** One page of a list, and the token for the next. */
export interface ListPage<T> {
  readonly items: T[];
  readonly resourceVersion: string;
  readonly continueToken: string | undefined;
  readonly remainingItemCount: number | undefined;
}

export function listPageFrom<T extends KubeObject>(
  type: ResourceType<T>,
  value: unknown,
  request: string,
): ListPage<T> {
  const metadata = recordIn(value, 'metadata');
  const resourceVersion = stringIn(metadata, 'resourceVersion');
  if (resourceVersion === undefined) throw malformed(request, `no list of ${type.kind} objects`);
  return {
    items: listIn(value, 'items').map((item) => objectFrom(type, item, request)),
    resourceVersion,
    continueToken: stringIn(metadata, 'continue') || undefined,
    remainingItemCount: numberIn(metadata, 'remainingItemCount'),
  };
}

export function scaleFrom(value: unknown, request: string): Scale {
  const resourceVersion = stringIn(recordIn(value, 'metadata'), 'resourceVersion');
  if (resourceVersion === undefined) throw malformed(request, 'no Scale object');
  // Zero is left out of the JSON.
  return {
    specReplicas: numberIn(recordIn(value, 'spec'), 'replicas') ?? 0,
    statusReplicas: numberIn(recordIn(value, 'status'), 'replicas') ?? 0,
    resourceVersion,
  };
}

function malformed(request: string, what: string): TransportError {
  return new TransportError(`${request}: the answer is ${what}`, { maySent: true });
}
