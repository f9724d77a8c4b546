import type { Failure, NamespaceRequest, Placed } from './control-plane.ts';

/**
 * How far it is certain that prism-admin has what it was told. `ReadBack`: it has shown it. `OutOfSight`: it said so, and shows it to
 * another proxy only. `NotReadBack`: it said so, and nobody may ask it.
 */
export type Confirmation = 'ReadBack' | 'OutOfSight' | 'NotReadBack';

/** How an errand ended. */
export type ErrandOutcome =
  | { readonly kind: 'Settled'; readonly placed: Placed; readonly confirmation: Confirmation }
  /** prism-admin said that it has the namespace, and does not show it, or shows another. */
  | { readonly kind: 'NotConfirmed'; readonly message: string }
  | Failure;

/** One namespace that prism-admin is to be told of, or asked for. */
export interface Errand {
  /** Whose it is; of everybody one waits at most. */
  readonly who: string;
  readonly request: NamespaceRequest;
  /** Where prism-admin has put it, as far as is known: then it is looked for first, and told again unless it is shown as it should be. */
  readonly known?: Placed;
  /** Called once, unless the errand is withdrawn, replaced or cut off. */
  readonly end: (outcome: ErrandOutcome) => void;
}
