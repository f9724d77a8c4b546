import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { arbitraryResource, type DescribedKind } from './arbitrary-resource.ts';

/** A kind in several versions, as `versionedResource` of `@capstan/crd` makes it. */
export interface ConvertibleKind {
  readonly group: string;
  readonly kind: string;
  readonly versions: readonly DescribedKind[];
  convert(object: object, version: string): object;
}

export interface RoundTripOptions {
  /** How many objects to make up for each way; 200 unless told. */
  readonly runs?: number;
  /** Objects to be tried besides those made up. */
  readonly samples?: readonly object[];
}

/**
 * Converts objects of every version to every other one and back, and compares: nothing may be lost, and what comes out must be
 * an object that the other version's schema and rules accept. Objects are made up from the schemas.
 *
 * @throws {Error} naming the way, what went wrong, and the smallest object for which it does
 *
 * @example
 * ```ts
 * roundTrips(Caches); // inside a test; throws where a version loses something
 * ```
 */
export function roundTrips(kind: ConvertibleKind, { runs = 200, samples = [] }: RoundTripOptions = {}): void {
  for (const from of kind.versions) {
    const given = samples.filter((sample) => versionOf(sample) === from.version);
    for (const to of kind.versions) {
      if (to === from) continue;
      for (const sample of given) checkRoundTrip(kind, sample, from, to);
      const found = fc.check(
        fc.property(arbitraryResource(from), (object) => checkRoundTrip(kind, object, from, to)),
        { numRuns: runs },
      );
      // The sentence of the smallest object, without the machinery that found it.
      if (found.failed) throw new Error(sentenceOf(found.errorInstance), { cause: found.errorInstance });
    }
  }
}

function checkRoundTrip(kind: ConvertibleKind, object: object, from: DescribedKind, to: DescribedKind): void {
  const there = kind.convert(object, to.version);
  const way = `${kind.kind}.${kind.group} from ${from.version} to ${to.version}`;
  const [violation] = to.validate(there);
  if (violation !== undefined)
    throw new Error(`${way} gives what ${to.version} refuses: ${violation.path} ${violation.message}\n${shown(there)}`);
  const back = kind.convert(there, from.version);
  if (!isDeepStrictEqual(plain(back), plain(object)))
    throw new Error(`${way} and back loses something: it was\n${shown(object)}\nand came back as\n${shown(back)}`);
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : 'no object could be made up from the schema: give samples';
}

/** Members that are undefined are absent in JSON. */
function plain(object: object): unknown {
  return JSON.parse(JSON.stringify(object));
}

function shown(object: object): string {
  return JSON.stringify(object, null, 2);
}

function versionOf(object: object): string {
  return 'apiVersion' in object ? (String(object.apiVersion).split('/')[1] ?? '') : '';
}
