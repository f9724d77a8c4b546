import type { EventDraft } from '@capstan/runtime';
import type { PrismClusterStatus } from '../api/v1alpha1/prism-cluster.ts';
import { stepNote } from './step-text.ts';

/** What a user should hear of a prism-admin that is bootstrapped anew: each step, and how it ended. */
export function rebootstrapEvents(
  before: PrismClusterStatus | undefined,
  after: PrismClusterStatus,
): readonly EventDraft[] {
  const [was, is] = [before?.adminRebootstrap, after.adminRebootstrap];
  const action = 'Rebootstrap';
  if (is !== undefined && is.step !== was?.step)
    return [{ type: 'Warning', reason: 'Rebootstrapping', action, note: stepNote(is) }];
  if (was === undefined || is !== undefined) return [];
  if (was.step === 'Stopping') {
    const note = `prism-admin is not bootstrapped anew: spec.admin.replicas is ${was.from} again, and nothing is lost`;
    return [{ type: 'Normal', reason: 'RebootstrapEnded', action, note }];
  }
  const note = `prism-admin was bootstrapped anew, from ${was.from} to ${was.to}, and every PrismNamespace that was waited for is in it again`;
  return [{ type: 'Normal', reason: 'Rebootstrapped', action, note }];
}
