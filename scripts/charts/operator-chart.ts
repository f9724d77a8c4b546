import type { OperatorInstall } from '../install-manifests.ts';
import type { Values } from './values/value.ts';

/** What one operator's chart has beside what all of them have. */
export interface OperatorChart {
  readonly install: OperatorInstall;
  /** One sentence. */
  readonly description: string;
  readonly keywords: readonly string[];
  /** Values of its own, in the order of the file. */
  readonly values: Values;
  /** Further fields under `networkPolicy`. */
  readonly networkPolicyValues?: Values;
  /** Files of its dashboards, by name. */
  readonly dashboards?: Readonly<Record<string, object>>;
  /** For its README: paragraphs of what is to be known beside the values. */
  readonly remarks: readonly string[];
}
