import { isDeepStrictEqual } from 'node:util';
import type { Condition } from '@capstan/kube';
import type { ObjectKey } from '../cache/object-key.ts';
import { setConditions, standardConditions } from '../conditions.ts';
import type { Terminal } from '../errors.ts';
import { redactText } from '../redact.ts';

export interface RefusalOptions {
  /** The time of the pass, RFC 3339. */
  readonly now: string;
  readonly observedGeneration: number | undefined;
}

/**
 * The conditions `Ready`, `Reconciling` and `Stalled` of resources whose pass threw what only the user can end. They are the
 * author's otherwise, who need not know all three: what a later report only carries over of them is taken out again.
 */
export class Refusals {
  readonly #told = new Map<ObjectKey, readonly Condition[]>();

  /** The conditions that tell a refusal, over those there are. */
  tell(
    key: ObjectKey,
    previous: readonly Condition[] | undefined,
    { reason, message }: Terminal,
    options: RefusalOptions,
  ): readonly Condition[] {
    const wanted = standardConditions({ is: 'Stalled', reason, message: redactText(message) });
    const types = new Set(wanted.map(({ type }) => type));
    const conditions = setConditions(previous, wanted, options);
    this.#told.set(
      key,
      conditions.filter(({ type }) => types.has(type)),
    );
    return conditions;
  }

  /** The conditions of a report, without what stood there only because of a refusal; that is forgotten. */
  withoutCarriedOver(key: ObjectKey, conditions: readonly Condition[]): readonly Condition[] {
    const told = this.#told.get(key);
    if (told === undefined) return conditions;
    this.#told.delete(key);
    return conditions.filter((condition) => !told.some((each) => isDeepStrictEqual(each, condition)));
  }

  forget(key: ObjectKey): void {
    this.#told.delete(key);
  }
}
