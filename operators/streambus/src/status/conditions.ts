import { unsupportedFields } from '../api/v1alpha1/fields-without-effect.ts';
import type { Unenforceable } from '../api/v1alpha1/security.ts';
import type { StreamBusClusterSpec } from '../api/v1alpha1/stream-bus-cluster.ts';
import type { Leadership } from '../brokers/leadership.ts';
import { protectionOf } from '../protection.ts';
import { offerText } from '../rebootstrap/opt-in.ts';
import { quorumOf } from '../rollout/next-restart.ts';
import { blockerOf } from './blockers.ts';
import { progressOf } from './progress.ts';
import type { Situation } from './situation.ts';
import type { Explanation, WantedCondition } from './wanted-condition.ts';

/** Every condition a cluster should have now. */
export function conditionsOf(situation: Situation): readonly WantedCondition[] {
  const { spec } = situation;
  return [
    ready(situation),
    accepted(situation),
    initialized(situation),
    reconciling(situation),
    stalled(situation),
    ...quorumHealthy(situation),
    ...reBootstrapOffered(situation),
    ...tenancyEnforced(situation),
    ...(spec === undefined ? [] : [...securityEnforced(spec, situation), ...unsupported(spec)]),
  ];
}

function ready(situation: Situation): WantedCondition {
  const obstacle = blockerOf(situation) ?? progressOf(situation) ?? unprotected(situation);
  if (obstacle !== undefined) return { type: 'Ready', status: 'False', ...obstacle };
  const { size } = situation;
  const message = size === 1 ? 'The broker accepts clients.' : `All ${size} brokers accept clients.`;
  return { type: 'Ready', status: 'True', reason: 'AllBrokersReady', message };
}

/** A write that is tried again is no reason to worry, unless it is what protects the cluster. */
function unprotected({ spec, isCarriedOut }: Situation): Explanation | undefined {
  return spec === undefined || isCarriedOut || !protectionOf(spec).isAsked ? undefined : notInPlace;
}

function accepted({ refusal }: Situation): WantedCondition {
  if (refusal !== undefined)
    return { type: 'Accepted', status: 'False', reason: refusal.reason, message: `${refusal.message}.` };
  return { type: 'Accepted', status: 'True', reason: 'SpecAccepted', message: 'The spec is valid.' };
}

function initialized(situation: Situation): WantedCondition {
  if (situation.initialized) {
    const message = 'All brokers were ready together: the raft quorum has formed.';
    return { type: 'Initialized', status: 'True', reason: 'AllBrokersReadyOnce', message };
  }
  const message = 'The brokers have not all been ready together yet.';
  return { type: 'Initialized', status: 'False', reason: 'FirstStart', message };
}

function reconciling(situation: Situation): WantedCondition {
  const retry = situation.failures.find(({ terminal }) => !terminal);
  const progress = situation.refusal === undefined ? (progressOf(situation) ?? unprotected(situation)) : undefined;
  if (retry !== undefined) {
    const message = [progress?.message, `Trying again: ${retry.message}`].filter(Boolean).join(' ');
    return { type: 'Reconciling', status: 'True', reason: progress?.reason ?? 'Retrying', message };
  }
  const isHalted = situation.failures.length > 0;
  if (progress !== undefined && !isHalted) return { type: 'Reconciling', status: 'True', ...progress };
  if (blockerOf(situation) !== undefined) {
    return { type: 'Reconciling', status: 'False', reason: 'ActionNeeded', message: 'See condition Stalled.' };
  }
  return { type: 'Reconciling', status: 'False', reason: 'UpToDate', message: 'Everything is as the spec says.' };
}

function stalled(situation: Situation): WantedCondition {
  const blocker = blockerOf(situation);
  if (blocker !== undefined) return { type: 'Stalled', status: 'True', ...blocker };
  return { type: 'Stalled', status: 'False', reason: 'NoActionNeeded', message: 'Nobody has to do anything.' };
}

/** Of clusters of several brokers: one alone always leads. */
function quorumHealthy(situation: Situation): readonly WantedCondition[] {
  const { leadership, size, initialized } = situation;
  if (size < 2 || !initialized) return [];
  const type = 'QuorumHealthy';
  switch (leadership.kind) {
    case 'One':
      return [{ type, status: 'True', reason: 'OneLeader', message: 'Exactly one broker leads.' }];
    case 'None':
      return [{ type, status: 'False', reason: 'NoLeader', message: 'No broker leads: the quorum is lost.' }];
    case 'Several': {
      const message = `${leadership.leaders.join(' and ')} all say that they lead: more than one cluster has formed.`;
      return [{ type, status: 'False', reason: 'SeveralLeaders', message }];
    }
    case 'Unknown':
      return quorumUnknown(situation, leadership);
  }
}

function quorumUnknown(
  situation: Situation,
  { cause, why }: Extract<Leadership, { kind: 'Unknown' }>,
): readonly WantedCondition[] {
  switch (cause) {
    case 'Unready':
      return quorumOfSome(situation);
    case 'Silent':
      return [brokersSilent(why)];
    case 'Unasked':
      return asBefore(situation);
  }
}

function asBefore({ quorumBefore }: Situation): readonly WantedCondition[] {
  if (quorumBefore === undefined) return [];
  const { status, reason, message } = quorumBefore;
  return [{ type: 'QuorumHealthy', status, reason, message }];
}

function brokersSilent(why: string): WantedCondition {
  const message = `It is not known who leads, and no broker is restarted until it is: ${why}.`;
  return { type: 'QuorumHealthy', status: 'Unknown', reason: 'BrokersSilent', message };
}

/** While brokers come and go: the rest has a leader, or is about to elect one, or is too few to. */
function quorumOfSome(situation: Situation): readonly WantedCondition[] {
  const { leadership, pods, size } = situation;
  const type = 'QuorumHealthy';
  if ('leader' in leadership && leadership.leader !== undefined)
    return [{ type, status: 'True', reason: 'OneLeader', message: 'Exactly one broker leads.' }];
  const serving = pods.filter(({ isReady, isTerminating }) => isReady && !isTerminating).length;
  if (serving < quorumOf(size)) {
    const message = `Fewer brokers accept clients than a quorum of ${quorumOf(size)}.`;
    return [{ type, status: 'False', reason: 'NoLeader', message }];
  }
  return asBefore(situation);
}

function reBootstrapOffered({ offered, name, size, reBootstrap }: Situation): readonly WantedCondition[] {
  if (offered === undefined || (reBootstrap !== undefined && reBootstrap.step !== 'Starting')) return [];
  return [{ type: 'ReBootstrapOffered', status: 'True', reason: 'OptedIn', message: offerText(name, size, offered) }];
}

function securityEnforced(spec: StreamBusClusterSpec, situation: Situation): readonly WantedCondition[] {
  const { isAsked, unenforced } = protectionOf(spec);
  if (!isAsked) return [];
  const type = 'SecurityEnforced';
  if (unenforced.length > 0) {
    const sentences = unenforced.map((word) => `${word}: ${whyUnenforced[word]}`).join('; ');
    return [{ type, status: 'False', reason: 'NotEnforced', message: `Not enforced: ${sentences}.` }];
  }
  const [problem] = situation.secretProblems;
  if (problem !== undefined) return [{ type, status: 'False', reason: problem.reason, message: `${problem.message}.` }];
  if (situation.refusal !== undefined) {
    const message = 'The spec is refused: what was in force before stays in force.';
    return [{ type, status: 'Unknown', reason: situation.refusal.reason, message }];
  }
  if (!situation.isCarriedOut) return [{ type, status: 'False', ...notInPlace }];
  return [{ type, status: 'True', reason: 'Enforced', message: 'All that spec.security asks for is in force.' }];
}

const whyUnenforced: Readonly<Record<Unenforceable, string>> = {
  jwt: 'nobody verifies tokens',
  sasl: 'the broker knows no user names and passwords',
  authorization: 'clients are told apart by certificates, which need mtls',
  auditLog: 'the proxy of spec.security.tls writes it, and there is none',
  auditLogDetail: 'the proxy records connections, and nobody records what clients do',
  alternativeNames: 'matching alternative names of certificates needs HAProxy 3.2',
  networkFence: 'raft and the administration API are open to whoever reaches the pods',
  security: 'spec.security.enabled alone says nothing that could be done: switch its parts on',
};

/** Of what is asked for and has not reached every broker, or could not be written. */
const notInPlace = {
  reason: 'RollingOut',
  message: 'Not everything that enforces it has been written, or reached every broker, yet.',
} as const;

function tenancyEnforced({ tenancy, isCarriedOut }: Situation): readonly WantedCondition[] {
  if (tenancy === undefined) return [];
  const { enforced, notEnforced } = tenancy;
  const type = 'TenancyEnforced';
  if (!isCarriedOut) return [{ type, status: 'False', ...notInPlace }];
  const inForce = enforced.length === 0 ? 'Nothing is enforced.' : `In force: ${enforced.join(', ')}.`;
  if (notEnforced.length === 0) return [{ type, status: 'True', reason: 'Enforced', message: inForce }];
  const message = `${inForce} Not enforced: ${notEnforced.join('; ')}.`;
  return [{ type, status: 'False', reason: enforced.length === 0 ? 'NotEnforced' : 'PartlyEnforced', message }];
}

function unsupported(spec: StreamBusClusterSpec): readonly WantedCondition[] {
  const fields = unsupportedFields(spec);
  if (fields.length === 0) return [];
  const message = `These fields do nothing: ${fields.join(', ')}.`;
  return [{ type: 'UnsupportedFields', status: 'True', reason: 'NoEffect', message }];
}
