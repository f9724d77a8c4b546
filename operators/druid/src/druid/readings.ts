import { type Reading, type Refusal, type Unread, unread } from './classify.ts';
import type { Json, JsonObject } from './druid-api.ts';
import { isJsonObject, textOf } from './json-text.ts';

/** Success is all there is to say, with whatever body. */
export const nothing: Reading<void> = { value: () => undefined };

/** Success, or nothing there, in two words. */
export function either<const Success, const Absent>(
  success: Success,
  absent: Absent,
  subject: string,
): Reading<Success | Absent> {
  return { value: () => success, absent: { value: absent }, subject };
}

/** Something that may not be there, made of the body; `undefined` when the body is not it. */
export function found<T>(subject: string, of: (body: Json | undefined) => T | undefined): Reading<T | undefined> {
  return { value: (body) => of(body) ?? unread, absent: { value: undefined }, subject };
}

/** A JSON object that may not be there. */
export function objectOf(subject: string): Reading<JsonObject | undefined> {
  return found(subject, (body) => (isJsonObject(body) ? body : undefined));
}

/** A list of JSON objects. */
export const objects: Reading<readonly JsonObject[]> = {
  value: (body) => (Array.isArray(body) && body.every(isJsonObject) ? body : unread),
};

/** The id in an answer, in a field of this name. What is there already under `known` counts as just submitted. */
export function submitted(field: string, known?: string): Reading<{ readonly id: string }> {
  const id = (text: string | undefined): { readonly id: string } | Unread =>
    text === undefined ? unread : { id: text };
  return {
    value: (body) => id(isJsonObject(body) ? textOf(body[field]) : undefined),
    met: ({ errorCode }) => (errorCode === 'entryAlreadyExists' ? id(known) : unread),
  };
}

/** Whether Druid refused to suspend what is suspended, which it has no code for. */
export function wasSuspended({ status, said }: Refusal): boolean {
  return status === 400 && said.endsWith('is already suspended');
}
