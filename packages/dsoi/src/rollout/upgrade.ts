import type { EventDraft } from '@capstan/runtime';
import type { NodeProgress, NodeState, UpgradeStatus } from './upgrade-status.ts';

/** Where a node stands after a pass, and why it does not go on. */
export interface NodeSighting {
  readonly name: string;
  readonly nodeType: string;
  readonly state: NodeState;
  /** This pass changed it, or its change is held back: it is part of a roll-out, not merely short of a pod. */
  readonly isChanging: boolean;
  /** For people: which pod crashes, and with what. */
  readonly message?: string;
}

export interface UpgradeStep {
  readonly generation: number;
  /** RFC 3339. */
  readonly now: string;
}

export interface UpgradeProgress {
  readonly status: UpgradeStatus;
  /** One for each action and turn of the roll-out since the status before. */
  readonly events: readonly EventDraft[];
}

/**
 * The status of the roll-out after a pass, and what happened since the one before. Pure: it looks at what is there and at
 * the last status, so a restart in the middle changes nothing.
 *
 * A lost pod is no roll-out: one begins when a node is changed or waits for its change, and ends when every node is
 * complete.
 * Dsoi-Spec, upgrade.md: lines 11 and 16 to 18 of docs/dsoi.md.
 */
export function advanceUpgrade(
  previous: UpgradeStatus | undefined,
  sightings: readonly NodeSighting[],
  { generation, now }: UpgradeStep,
): UpgradeProgress {
  const wasUnderWay = previous !== undefined && previous.phase !== 'Complete';
  const begins = previous === undefined || (!wasUnderWay && sightings.some(({ isChanging }) => isChanging));
  const isUnderWay = wasUnderWay || begins;
  if (!isUnderWay) return { status: settled(previous, sightings, now), events: [] };
  const startedAt = begins ? now : previous.startedAt;
  const nodes = sightings.map((node) => progressOf(node, begins ? undefined : formerOf(previous, node), now));
  const status = phased({ generation, startedAt, nodes, ...installedAt(previous) }, sightings, now);
  const what = previous?.installedAt === undefined ? 'Installation' : 'Upgrade';
  return { status, events: eventsBetween(begins ? undefined : previous, status, sightings, what) };
}

/** No roll-out: nodes come and go with their pods, times stay. */
function settled(previous: UpgradeStatus, sightings: readonly NodeSighting[], now: string): UpgradeStatus {
  const nodes = sightings.map((node) => {
    const former = formerOf(previous, node);
    return former === undefined ? progressOf(node, undefined, now) : { ...former, state: node.state };
  });
  return { ...previous, nodes };
}

function formerOf(previous: UpgradeStatus | undefined, { name }: { readonly name: string }): NodeProgress | undefined {
  return previous?.nodes.find((node) => node.name === name);
}

function installedAt(previous: UpgradeStatus | undefined): Pick<UpgradeStatus, 'installedAt'> {
  return previous?.installedAt === undefined ? {} : { installedAt: previous.installedAt };
}

function progressOf(
  { name, nodeType, state, isChanging }: NodeSighting,
  former: NodeProgress | undefined,
  now: string,
): NodeProgress {
  const identity = { name, nodeType, state };
  if (state === 'Pending') return identity;
  if (state === 'Complete') {
    const startedAt = former?.startedAt ?? (isChanging ? now : undefined);
    if (startedAt === undefined) return identity;
    return { ...identity, startedAt, finishedAt: former?.finishedAt ?? now };
  }
  return { ...identity, startedAt: former?.startedAt ?? now };
}

function phased(base: Omit<UpgradeStatus, 'phase'>, sightings: readonly NodeSighting[], now: string): UpgradeStatus {
  if (sightings.every(({ state }) => state === 'Complete')) {
    const durationSeconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(base.startedAt)) / 1_000));
    return { ...base, phase: 'Complete', finishedAt: now, durationSeconds, installedAt: base.installedAt ?? now };
  }
  if (sightings.some(({ state }) => state === 'Crashing')) return { ...base, phase: 'Halted' };
  return { ...base, phase: base.installedAt === undefined ? 'Installing' : 'InProgress' };
}

function eventsBetween(
  before: UpgradeStatus | undefined,
  after: UpgradeStatus,
  sightings: readonly NodeSighting[],
  what: 'Installation' | 'Upgrade',
): readonly EventDraft[] {
  const events: EventDraft[] = [];
  if (before === undefined)
    events.push(
      normal('UpgradeStarted', `${what} of ${after.nodes.length} nodes began (generation ${after.generation})`),
    );
  for (const node of after.nodes) events.push(...nodeEvents(formerOf(before, node), node, after.generation, sightings));
  if (after.phase === 'Halted' && before?.phase !== 'Halted') events.push(halted(after, sightings));
  if (before?.phase === 'Halted' && after.phase !== 'Halted')
    events.push(
      normal('UpgradeResumed', `${what} goes on: no node is crashing any more (generation ${after.generation})`),
    );
  if (after.phase === 'Complete')
    events.push(
      normal(
        'UpgradeFinished',
        `${what} finished on every node after ${after.durationSeconds} s (generation ${after.generation})`,
      ),
    );
  return events;
}

function nodeEvents(
  before: NodeProgress | undefined,
  { name, nodeType, startedAt, finishedAt }: NodeProgress,
  generation: number,
  sightings: readonly NodeSighting[],
): readonly EventDraft[] {
  // The generation keeps an event apart from that of an earlier roll-out: equal ones would only be counted.
  const which = `node ${name} (${nodeType})`;
  const events: EventDraft[] = [];
  if (startedAt !== undefined && before?.startedAt === undefined)
    events.push(
      normal('NodeUpgradeStarted', `${which} is being changed to generation ${generation}${waitingNodes(sightings)}`),
    );
  if (finishedAt !== undefined && before?.finishedAt === undefined)
    events.push(normal('NodeUpgradeFinished', `${which} is complete at generation ${generation}`));
  return events;
}

function waitingNodes(sightings: readonly NodeSighting[]): string {
  const pending = sightings.filter(({ state }) => state === 'Pending').map(({ name }) => name);
  return pending.length === 0 ? '' : `; waiting for their turn: ${pending.join(', ')}`;
}

function halted({ nodes }: UpgradeStatus, sightings: readonly NodeSighting[]): EventDraft {
  const crashing = sightings.filter(({ state }) => state === 'Crashing');
  const why = crashing.map(({ name, message }) => (message === undefined ? name : `${name} (${message})`)).join(', ');
  const pending = nodes.filter(({ state }) => state === 'Pending').length;
  const note = `halted at ${why}; ${pending} nodes keep what they have until it is mended or the resource is changed`;
  return { type: 'Warning', reason: 'UpgradeHalted', action: 'Rollout', note };
}

function normal(reason: string, note: string): EventDraft {
  return { type: 'Normal', reason, action: 'Rollout', note };
}
