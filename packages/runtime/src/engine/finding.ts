import type { ManagedFieldsEntry } from '@capstan/kube';
import type { FieldPath } from './field-path.ts';

/** Who has a field now that was ours. */
export type Taker = Pick<ManagedFieldsEntry, 'operation' | 'subresource' | 'time'> & { readonly manager: string };

/**
 * One way in which a child differs from what we applied.
 *
 * - `Lost`: we want the field and do not own it (any more): somebody changed or removed it.
 * - `Extra`: we own a field that we do not want (any more).
 * - `Value`: we own it, and its value is not ours: written under our own name, or by an admission webhook.
 * - `Foreign`: somebody added an item to a list that is declared to hold nothing but ours.
 */
export interface Finding {
  readonly kind: 'Lost' | 'Extra' | 'Value' | 'Foreign';
  /** `.spec.template.spec.containers[name=broker].image` */
  readonly path: string;
  /** The same in the API server's notation. */
  readonly at: FieldPath;
  /** For `Lost` and `Foreign`: the manager whose set has the field now; absent where nobody's has it. */
  readonly takenBy?: Taker;
}
