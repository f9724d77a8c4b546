import type { Draft, KubeObject } from '@capstan/kube';
import { InvalidChildError } from './invalid-child-error.ts';
import { labelProblems, type NameRule, nameProblem } from './names.ts';

/**
 * The end of every builder: the body without null and undefined, which the server would take for empty values.
 * @throws {InvalidChildError} when its name or a label is one the server, or a controller later on, would refuse
 */
export function child<T extends KubeObject>(draft: Draft<T>, names: NameRule): Draft<T> {
  const { kind, metadata } = draft;
  const problem = nameProblem(metadata.name, names);
  const problems = [
    ...(problem === undefined ? [] : [`metadata.name: ${problem}`]),
    ...labelProblems(metadata.labels ?? {}, 'metadata.labels'),
  ];
  if (problems.length > 0) throw new InvalidChildError(`${kind}/${metadata.name ?? '?'}`, problems);
  return withoutNulls(draft);
}

/** The same value without the keys and items that are null or undefined, however deep they lie. */
export function withoutNulls<T>(value: T): T {
  return compact(value) as T; // leaving out what is null or undefined keeps every type that allows it to be left out
}

function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter(isPresent).map(compact);
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(([, field]) => isPresent(field));
  return Object.fromEntries(present.map(([key, field]) => [key, compact(field)]));
}

function isPresent(value: unknown): boolean {
  return value !== null && value !== undefined;
}
