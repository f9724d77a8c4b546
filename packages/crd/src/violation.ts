/** The API server's words for what is wrong with a field; they are the reasons of the causes in its Status. */
export type ViolationReason =
  | 'FieldValueInvalid'
  | 'FieldValueRequired'
  | 'FieldValueNotSupported'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid'
  | 'FieldValueDuplicate'
  | 'FieldValueForbidden';

/** One reason why the API server refuses an object. */
export interface Violation {
  /** The field, such as `spec.listeners[2].port`; empty for the object as a whole. */
  readonly path: string;
  readonly reason: ViolationReason;
  /** What is wrong and what is allowed. Never contains the value itself, which may be a secret. */
  readonly message: string;
}

/** After these the API server does not evaluate CEL rules: their expressions count on a sound shape. */
const BLOCKING: ReadonlySet<ViolationReason> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/** True where CEL rules are to be skipped because the object's shape is wrong. */
export function blocksRules(violations: readonly Violation[]): boolean {
  return violations.some(({ reason }) => BLOCKING.has(reason));
}
