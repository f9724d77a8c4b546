import type { Leadership } from '../admin/leadership.ts';
import { adminComponent } from '../children/admin-pod.ts';
import type { PodState } from '../pods/pod-state.ts';
import type { Rebootstrap } from './admin-standing.ts';
import type { ReplayedNamespaces } from './replayed-namespaces.ts';

/** What a step waits for is seen in these. */
export interface Sight {
  readonly pods: readonly PodState[];
  readonly leadership: Leadership;
  readonly replays: ReplayedNamespaces;
  /** Why it cannot be found out whether former members have stopped. */
  readonly rebootstrapObstacle?: string;
}

/** What happens to prism-admin on its way, since when, and what it waits for; for conditions. */
export function stepText(rebootstrap: Rebootstrap, sight: Sight): string {
  return `${stepNote(rebootstrap)}, since ${rebootstrap.since}: ${waitText(rebootstrap, sight)}.`;
}

/** The same in short, for events. */
export function stepNote({ from, to, step }: Rebootstrap): string {
  const what = `prism-admin is bootstrapped anew, from ${from} to ${to}`;
  switch (step) {
    case 'Stopping':
      return `${what}; the former members stop`;
    case 'Starting':
      return `${what}; the new members start on empty volumes`;
    case 'Replaying':
      return `${what}; the namespaces of PrismNamespaces are created in it`;
  }
}

function waitText({ from, to, step }: Rebootstrap, { pods, leadership, replays, rebootstrapObstacle }: Sight): string {
  const own = pods.filter(({ component }) => component === adminComponent);
  switch (step) {
    case 'Stopping': {
      const left = own.length === 0 ? 'the workload is to go' : `${own.map(({ name }) => name).join(', ')} is to go`;
      return `${rebootstrapObstacle ?? left}; set spec.admin.replicas back to ${from} to end it, nothing is lost so far`;
    }
    case 'Starting': {
      const ready = own.filter(({ isReady, isTerminating }) => isReady && !isTerminating).length;
      return ready < to ? `${ready} of ${to} are ready` : `${to} are ready, ${leaderText(leadership)}`;
    }
    case 'Replaying':
      return `${replays.missing.length} of ${replays.names.length} are still to be created: ${listed(replays.missing)}`;
  }
}

function leaderText(leadership: Leadership): string {
  switch (leadership.kind) {
    case 'One':
      return `${leadership.leader} leads`;
    case 'None':
      return 'none leads yet';
    case 'Several':
      return `${leadership.leaders.join(' and ')} all say that they lead`;
    case 'Unknown':
      return `who leads is not known: ${leadership.why}`;
  }
}

/** Many names make no message. */
const mostNames = 5;

function listed(names: readonly string[]): string {
  const first = names.slice(0, mostNames).join(', ');
  return names.length > mostNames ? `${first} and ${names.length - mostNames} more` : first;
}
