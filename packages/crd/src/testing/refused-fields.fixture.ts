import type { ApiError, StatusCause } from '@capstan/kube';

/** The fields for which the API server refused an object, in its order. */
export function refusedFields(refusal: ApiError): readonly string[] {
  return refusal.causes.flatMap(fieldOf);
}

/** Some findings of the API server name their field only in the text; the notice that rules were skipped names none. */
function fieldOf({ field, message = '' }: StatusCause): string[] {
  if (field !== '<nil>' && field !== undefined) return [field];
  const match = /value must be of type .* in (\S+)$/.exec(message);
  return match?.[1] === undefined ? [] : [match[1]];
}
