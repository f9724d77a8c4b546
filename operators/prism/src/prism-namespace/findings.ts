import type { Outcome } from '@capstan/runtime';
import type { Reply } from '../admin/control-plane/correspondence.ts';
import type { AdminRecord } from '../api/v1alpha2/prism-namespace.ts';
import type { Observed } from './observe.ts';
import type { Matter } from './question.ts';
import type { Refusal } from './spec-must-be-sound.ts';

/** What came of prism-admin in one pass. */
export interface Talk {
  readonly matter: Matter;
  /** Absent where nothing was asked. */
  readonly reply?: Reply;
  /** What prism-admin has now; the same as before where nothing was answered. */
  readonly record?: AdminRecord;
}

/** What one pass found, for the status. */
export type Findings =
  | { readonly kind: 'Refused'; readonly refusal: Refusal }
  | { readonly kind: 'WithoutCluster'; readonly sight: Extract<Observed['sight'], { kind: 'Absent' }> }
  | {
      readonly kind: 'Worked';
      readonly observed: Observed;
      readonly sight: Extract<Observed['sight'], { kind: 'Found' }>;
      readonly talk: Talk;
      readonly outcome: Outcome;
    };

/** The findings of a pass that had a cluster to work with. */
export type Worked = Extract<Findings, { kind: 'Worked' }>;
