import type { FieldViolation, Preview } from '@capstan/runtime';

/** A resource that a plan is about, and where it was read. */
interface Subject {
  /** The file; absent for what was read from the cluster. */
  readonly source?: string;
  readonly resource: Preview['resource'];
}

/**
 * What is known of one resource once it is planned.
 *
 * `Planned`: `edit` says what applying the file does to the resource itself, `editedFields` where. `Invalid`: it would not be
 * taken. `Skipped`: no operator here looks after its kind.
 */
export type PlannedResource = Subject &
  (
    | {
        readonly verdict: 'Planned';
        readonly edit: 'create' | 'change' | 'none';
        readonly editedFields: readonly string[];
        readonly preview: Preview;
      }
    | { readonly verdict: 'Invalid'; readonly violations: readonly FieldViolation[] }
    | { readonly verdict: 'Skipped' }
  );

/** What a plan comes to, in numbers. */
export interface PlanSummary {
  readonly create: number;
  readonly change: number;
  readonly recreate: number;
  readonly remove: number;
  readonly keep: number;
  /** Children that may not be read, or of kinds that the cluster does not serve. */
  readonly unknown: number;
  /** Resources and children that would be refused, and passes that would fail. */
  readonly refused: number;
  /** Pods that are replaced. */
  readonly restarts: number;
  /** Pods that go for good. */
  readonly stops: number;
  /** Custom resources that applying the files would make or change. */
  readonly edits: number;
}

/** Counts over all resources. */
export function summaryOf(planned: readonly PlannedResource[]): PlanSummary {
  const previews = planned.flatMap((one) => (one.verdict === 'Planned' ? one.preview : []));
  const children = previews.flatMap((preview) => preview.children);
  const count = (...actions: readonly string[]) => children.filter(({ action }) => actions.includes(action)).length;
  const pods = children.flatMap((child) => child.pods ?? []);
  const failed = previews.filter(({ refusal, error }) => (refusal ?? error) !== undefined).length;
  return {
    create: count('create'),
    change: count('change', 'repair', 'adopt'),
    recreate: count('recreate'),
    remove: count('remove'),
    keep: count('keep'),
    unknown: count('unknown', 'skipped', 'contested', 'terminating'),
    refused: count('refused') + failed + planned.filter(({ verdict }) => verdict === 'Invalid').length,
    restarts: pods.reduce((sum, { restarts }) => sum + restarts, 0),
    stops: pods.reduce((sum, { stops }) => sum + stops, 0),
    edits: planned.filter((one) => one.verdict === 'Planned' && one.edit !== 'none').length,
  };
}

/** 0: nothing to do; 2: there is; 1: something would be refused. */
export function exitCodeOf({ create, change, recreate, remove, refused, edits }: PlanSummary): 0 | 1 | 2 {
  if (refused > 0) return 1;
  return create + change + recreate + remove + edits > 0 ? 2 : 0;
}
