import type { Environment } from '@marcbachmann/cel-js';
import { compileRe2 } from '../re2.ts';
import { Quantity } from './quantity.ts';
import { celEqual, isUnordered } from './types.ts';

/**
 * Every function and macro a rule may call. All of them mean here what they mean to the API server; the rest is
 * refused: unknown to Kubernetes, or different in the library, or (as `isInteger` of quantities) dependent on how Go holds a value.
 * https://kubernetes.io/docs/reference/using-api/cel/
 */
export const CALLABLE: ReadonlySet<string> = new Set([
  ...['has', 'all', 'exists', 'exists_one', 'map', 'filter'],
  ...['size', 'int', 'double', 'string', 'bool', 'type', 'dyn', 'contains', 'startsWith', 'endsWith', 'join'],
  ...[
    'matches',
    'find',
    'findAll',
    'charAt',
    'indexOf',
    'lastIndexOf',
    'substring',
    'replace',
    'split',
    'trim',
    'lowerAscii',
    'upperAscii',
  ],
  ...['isSorted', 'sum', 'min', 'max'],
  ...['sets.contains', 'sets.equivalent', 'sets.intersects'],
  ...['quantity', 'isQuantity', 'isGreaterThan', 'isLessThan', 'compareTo', 'sign', 'add', 'sub'],
  ...['hasValue', 'value', 'orValue', 'or', 'optional.of', 'optional.none'],
]);

/** Functions that take their pattern as the first argument. */
export const PATTERN_FUNCTIONS: ReadonlySet<string> = new Set(['matches', 'find', 'findAll']);

/** The name under which a call reaches our own function: the library's of the same name counts UTF-16 units, or has none. */
export function ownNameOf(name: string): string {
  return OWN.has(name) ? `${name.replace('.', '_')}__` : name;
}

const OWN: ReadonlySet<string> = new Set([
  ...[
    'matches',
    'find',
    'findAll',
    'charAt',
    'indexOf',
    'lastIndexOf',
    'substring',
    'replace',
    'split',
    'trim',
    'lowerAscii',
    'upperAscii',
  ],
  ...['isSorted', 'sum', 'min', 'max', 'sets.contains', 'sets.equivalent', 'sets.intersects'],
]);

/** The names that operators are given in the text that is evaluated; see {@link registerFunctions}. */
export const OPERATOR_FUNCTIONS = { equal: 'equal__', ordered: 'ordered__' } as const;

/**
 * Adds the Kubernetes functions to an environment, and two that stand for operators: equality, for which the order of sets and
 * list-maps does not count, and a guard around what is added, because adding to those lists merges them.
 */
export function registerFunctions(environment: Environment): void {
  environment.registerFunction(`${OPERATOR_FUNCTIONS.equal}(dyn, dyn): bool`, celEqual);
  environment.registerFunction(`${OPERATOR_FUNCTIONS.ordered}(A): A`, (value: unknown) => {
    if (isUnordered(value)) throw new RangeError('adding to a set or list-map cannot be evaluated here');
    return value;
  });
  registerStringFunctions(environment);
  registerListFunctions(environment);
  registerQuantity(environment);
}

function registerStringFunctions(environment: Environment): void {
  const define = (signature: string, handler: (...args: never[]) => unknown): void => {
    environment.registerFunction(signature, handler);
  };
  define('string.matches__(string): bool', (text: string, pattern: string) => compileRe2(pattern).test(text));
  define('string.find__(string): string', (text: string, pattern: string) => compileRe2(pattern).exec(text)?.[0] ?? '');
  define('string.findAll__(string): list<string>', (text: string, pattern: string) => allMatches(text, pattern, -1n));
  define('string.findAll__(string, int): list<string>', allMatches);
  define('string.charAt__(int): string', (text: string, at: bigint) => slice(text, at, at + 1n, true));
  define('string.indexOf__(string): int', (text: string, part: string) => codePointIndex(text, text.indexOf(part)));
  define('string.lastIndexOf__(string): int', (text: string, part: string) =>
    codePointIndex(text, text.lastIndexOf(part)),
  );
  define('string.substring__(int): string', (text: string, from: bigint) =>
    slice(text, from, BigInt([...text].length), false),
  );
  define('string.substring__(int, int): string', (text: string, from: bigint, to: bigint) =>
    slice(text, from, to, false),
  );
  define('string.replace__(string, string): string', (text: string, from: string, to: string) =>
    text.replaceAll(from, () => to),
  );
  define('string.split__(string): list<string>', (text: string, by: string) =>
    by === '' ? [...text] : text.split(by),
  );
  define('string.trim__(): string', (text: string) => text.replace(TRIMMED, ''));
  define('string.lowerAscii__(): string', (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
  define('string.upperAscii__(): string', (text: string) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase()));
}

/** What Unicode calls white space, at either end. */
const TRIMMED = /^\p{White_Space}+|\p{White_Space}+$/gu;

function allMatches(text: string, pattern: string, limit: bigint): string[] {
  const expression = compileRe2(pattern);
  const all = [...text.matchAll(new RegExp(expression.source, `${expression.flags}g`))].map(([match]) => match);
  return limit < 0n ? all : all.slice(0, Number(limit));
}

function codePointIndex(text: string, index: number): bigint {
  return index < 0 ? -1n : BigInt([...text.slice(0, index)].length);
}

function slice(text: string, from: bigint, to: bigint, mayEndAtLength: boolean): string {
  const letters = [...text];
  const limit = BigInt(letters.length) + (mayEndAtLength ? 1n : 0n);
  if (from < 0n || to < from || to > limit) throw new RangeError(`index out of range: ${from}`);
  return letters.slice(Number(from), Number(to)).join('');
}

type Comparable = bigint | number | string | boolean;

function registerListFunctions(environment: Environment): void {
  const define = (signature: string, handler: (...args: never[]) => unknown): void => {
    environment.registerFunction(signature, handler);
  };
  const includes = (list: Iterable<unknown>, item: unknown): boolean =>
    [...list].some((other) => celEqual(other, item));
  const containsAll = (list: Iterable<unknown>, part: Iterable<unknown>): boolean =>
    [...part].every((item) => includes(list, item));
  for (const type of ['int', 'double', 'string', 'bool']) {
    define(`list<${type}>.isSorted__(): bool`, (list: Iterable<Comparable>) => isSorted([...list]));
    define(`list<${type}>.min__(): ${type}`, (list: Iterable<Comparable>) => extreme([...list], (a, b) => a < b));
    define(`list<${type}>.max__(): ${type}`, (list: Iterable<Comparable>) => extreme([...list], (a, b) => a > b));
  }
  define('list<int>.sum__(): int', (list: Iterable<bigint>) => [...list].reduce((sum, item) => sum + item, 0n));
  define('list<double>.sum__(): double', (list: Iterable<number>) => [...list].reduce((sum, item) => sum + item, 0));
  define('list.indexOf__(dyn): int', (list: Iterable<unknown>, item: unknown) =>
    BigInt([...list].findIndex((other) => celEqual(other, item))),
  );
  define('list.lastIndexOf__(dyn): int', (list: Iterable<unknown>, item: unknown) =>
    BigInt([...list].findLastIndex((other) => celEqual(other, item))),
  );
  define('sets_contains__(list, list): bool', containsAll);
  define(
    'sets_equivalent__(list, list): bool',
    (a: Iterable<unknown>, b: Iterable<unknown>) => containsAll(a, b) && containsAll(b, a),
  );
  define('sets_intersects__(list, list): bool', (a: Iterable<unknown>, b: Iterable<unknown>) =>
    [...a].some((item) => includes(b, item)),
  );
}

function isSorted(list: readonly Comparable[]): boolean {
  return list.every((item, index) => index === 0 || (list[index - 1] ?? item) <= item);
}

function extreme(list: readonly Comparable[], isBefore: (a: Comparable, b: Comparable) => boolean): Comparable {
  if (list.length === 0) throw new RangeError('the list is empty');
  return list.reduce((best, item) => (isBefore(item, best) ? item : best));
}

function registerQuantity(environment: Environment): void {
  const define = (signature: string, handler: (...args: never[]) => unknown): void => {
    environment.registerFunction(signature, handler);
  };
  environment.registerType('Quantity', { ctor: Quantity, fields: {} });
  environment.registerOperator('Quantity == Quantity', (a: Quantity, b: Quantity) => a.nano === b.nano);
  define('quantity(string): Quantity', quantityOf);
  define('isQuantity(string): bool', (text: string) => Quantity.parse(text) !== undefined);
  define('Quantity.isGreaterThan(Quantity): bool', (a: Quantity, b: Quantity) => a.compareTo(b) > 0);
  define('Quantity.isLessThan(Quantity): bool', (a: Quantity, b: Quantity) => a.compareTo(b) < 0);
  define('Quantity.compareTo(Quantity): int', (a: Quantity, b: Quantity) => BigInt(a.compareTo(b)));
  define('sign(Quantity): int', (a: Quantity) => BigInt(a.compareTo(new Quantity(0n))));
  define('Quantity.add(Quantity): Quantity', (a: Quantity, b: Quantity) => a.plus(b));
  define('Quantity.sub(Quantity): Quantity', (a: Quantity, b: Quantity) => a.minus(b));
  define('Quantity.add(int): Quantity', (a: Quantity, b: bigint) => a.plus(quantityOf(`${b}`)));
  define('Quantity.sub(int): Quantity', (a: Quantity, b: bigint) => a.minus(quantityOf(`${b}`)));
}

function quantityOf(text: string): Quantity {
  const quantity = Quantity.parse(text);
  if (quantity === undefined) throw new RangeError('not a quantity');
  return quantity;
}
