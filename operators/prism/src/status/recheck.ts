import { type Outcome, seconds } from '@capstan/runtime';
import type { PrismClusterStatus } from '../api/v1alpha1/prism-cluster.ts';

/** A pod that is late becomes a stuck one without any event. */
const late = seconds(15);

/** What the status says of a step of bootstrapping anew was written by the very pass, so no event of it starts the next. */
const soon = seconds(1);

/** What a step still waits for after so long does not come within a second. */
const patience = 10;

/** What a pass knows beside the status that it makes. */
export interface Course {
  /** The status before it. */
  readonly before: PrismClusterStatus | undefined;
  /** RFC 3339. */
  readonly now: string;
  /** What came of them: one that is held may have got what it waits for in this very pass, whose own writes are no events. */
  readonly children?: Outcome['children'];
  /** Something that only a person can change, and whose change is no event. */
  readonly isHindered?: boolean;
  /** Something was taken over in this very pass, and is to be replaced by the next. */
  readonly isHalfWay?: boolean;
}

/** When a cluster is to be looked at again without any event; empty when it need not be. Pure. */
export function recheckAfter(
  status: PrismClusterStatus,
  { before, now, children = [], isHindered = false, isHalfWay = false }: Course,
): { readonly recheckAfterMs?: number } {
  const { adminStatus, proxyStatus, patternStatus = [], backendStatus = [], adminRebootstrap } = status;
  if (adminRebootstrap !== undefined && adminRebootstrap.step !== 'Replaying')
    return { recheckAfterMs: withPatience(Date.parse(now) - Date.parse(adminRebootstrap.since)) };
  if (adminRebootstrap === undefined && before?.adminRebootstrap !== undefined) return { recheckAfterMs: soon };
  if (isHalfWay) return { recheckAfterMs: soon };
  const all = [adminStatus, proxyStatus, ...patternStatus, ...backendStatus];
  const isLate = isHindered || all.some((component) => component?.ready === false);
  return isLate || children.some(({ action }) => action === 'Held') ? { recheckAfterMs: late } : {};
}

function withPatience(sinceMs: number): number {
  return Math.min(late, Math.max(soon, sinceMs / patience));
}
