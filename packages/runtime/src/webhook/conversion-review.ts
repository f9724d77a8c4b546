import { fieldOf, isRecord } from '../engine/json-value.ts';
import { HttpRefusal } from '../observe/serving/http-server.ts';
import { requestIn } from './admission-review.ts';
import type { ConvertibleKind } from './webhook.ts';

const reviewVersion = 'apiextensions.k8s.io/v1';

/** A kind without its API group cannot be told from another one of that name. */
export type KindsByName = ReadonlyMap<string, ConvertibleKind>;

/** A conversion that failed: the sentence for the API server, and the error for the log. */
export interface FailedConversion {
  readonly message: string;
  readonly error: unknown;
}

/**
 * Answers a ConversionReview: every object in the version asked for, in the same order, or why one of them cannot be
 * converted. One failing object fails the review, as the API server demands.
 *
 * @param onFailure told of the failure, whose sentence says which object it was
 * @throws {HttpRefusal} 400 for a body that is no such review
 */
export function answerConversionReview(
  kinds: KindsByName,
  review: unknown,
  onFailure: (failure: FailedConversion) => void,
): object {
  const request = requestIn(review, reviewVersion, 'ConversionReview');
  const { uid, desiredAPIVersion, objects } = request;
  if (typeof desiredAPIVersion !== 'string' || !Array.isArray(objects))
    throw new HttpRefusal(400, 'request.desiredAPIVersion and request.objects must be given');
  const answer = (response: object) => ({
    apiVersion: reviewVersion,
    kind: 'ConversionReview',
    response: { uid, ...response },
  });
  const converted: object[] = [];
  for (const object of objects as readonly unknown[]) {
    const outcome = convertedOr(kinds, object, desiredAPIVersion);
    if ('message' in outcome) {
      onFailure(outcome);
      return answer({ result: { status: 'Failure', message: outcome.message } });
    }
    converted.push(outcome.object);
  }
  return answer({ convertedObjects: converted, result: { status: 'Success' } });
}

function convertedOr(
  kinds: KindsByName,
  object: unknown,
  desired: string,
): { readonly object: object } | FailedConversion {
  const what = nameOf(object);
  const [group = '', version = ''] = desired.split('/');
  const kind = kinds.get(`${String(fieldOf(object, 'kind'))}.${group}`);
  if (!isRecord(object) || kind === undefined) {
    const message = `${what} cannot be converted to ${desired}: this operator converts ${[...kinds.keys()].join(', ')}`;
    return { message, error: new TypeError(message) };
  }
  try {
    return { object: kind.convert(object, version) };
  } catch (error) {
    // Only what was written for users is shown to them: other errors may quote the object.
    const isForUsers = error instanceof Error && error.name === 'ConversionError';
    const why = isForUsers ? error.message : 'the conversion failed; the log of the operator says why';
    return { message: `${what} cannot be converted to ${desired}: ${why}`, error };
  }
}

function nameOf(object: unknown): string {
  const metadata = fieldOf(object, 'metadata');
  const [kind, namespace, name] = [fieldOf(object, 'kind'), fieldOf(metadata, 'namespace'), fieldOf(metadata, 'name')];
  const place = [namespace, name].filter((part) => typeof part === 'string').join('/');
  return `${typeof kind === 'string' ? kind : 'an object without a kind'} ${place}`.trim();
}
