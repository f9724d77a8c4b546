import { conditionOf, setConditions, type WantedCondition } from '@capstan/runtime';
import type { MemberConditionType } from '../api/v1alpha3/conditions.ts';
import type { MemberStatus } from '../api/v1alpha3/prism-federation.ts';
import { own } from './decision/own.ts';
import type { Findings, MemberFindings } from './findings.ts';
import type { Contact } from './remote/contact.ts';

type MemberCondition = WantedCondition & { readonly type: MemberConditionType };

/** Those that are there only while there is something to say. */
const conditional: readonly MemberConditionType[] = ['Propagated'];

/** What is reported of one cluster. */
export function memberStatus({ federation, decision }: Findings, found: MemberFindings, now: string): MemberStatus {
  const { name } = found.member;
  const former = federation.status?.clusters?.find((each) => each.name === name);
  const traffic = own(decision.standings, name)?.is ?? 'New';
  const { sighting } = found;
  const api = sighting?.api ?? 'Unknown';
  const options = { now, owned: conditional, observedGeneration: federation.metadata.generation };
  const lastTransition = former?.traffic === traffic ? former.lastTransition : now;
  return {
    ...{ name, traffic, weight: own(decision.weights, name) ?? 0 },
    ...(api !== 'Unknown' && { reachable: api === 'Answers' }),
    ...(sighting?.latencyStep !== undefined && { latencyMilliseconds: sighting.latencyStep }),
    ...(lastTransition !== undefined && { lastTransition }),
    ...(sighting?.phase !== undefined && { phase: sighting.phase }),
    conditions: setConditions(former?.conditions, memberConditions(found), options),
  };
}

/** Whether a cluster is healthy, as it is reported. */
export function isHealthy({ conditions }: MemberStatus): boolean {
  return conditionOf(conditions, 'Healthy')?.status === 'True';
}

function memberConditions(found: MemberFindings): readonly MemberCondition[] {
  return [credentialsReady(found), reachable(found), healthy(found), ...propagated(found)];
}

function credentialsReady({ access, sighting }: MemberFindings): MemberCondition {
  const type = 'CredentialsReady';
  if (access.is === 'Missing') return { type, status: 'False', reason: access.reason, message: access.message };
  const refusal = [sighting?.api, sighting?.watch].find(isRefusal);
  if (refusal !== undefined) return { type, status: 'False', ...refusal };
  return { type, status: 'True', reason: 'Found', message: 'There are credentials for the endpoint.' };
}

function isRefusal(contact: Contact | undefined): contact is Exclude<Contact, string> {
  return typeof contact === 'object' && contact.reason === 'CredentialsRefused';
}

function reachable({ access, sighting }: MemberFindings): MemberCondition {
  const type = 'Reachable';
  if (access.is === 'Missing') return { type, status: 'Unknown', ...withoutCredentials };
  const trouble = [sighting?.api, sighting?.watch].find((contact) => typeof contact === 'object');
  if (trouble !== undefined) return told(type, trouble, '');
  return told(type, sighting?.api, 'Its API server answers.');
}

function healthy({ member, access, sighting }: MemberFindings): MemberCondition {
  const type = 'Healthy';
  if (access.is === 'Missing') return { type, status: 'False', ...withoutCredentials };
  const how =
    member.proxy === undefined ? 'Its API server answers and its proxies serve.' : 'Its proxies take connections.';
  return told(type, sighting?.health, how);
}

const withoutCredentials = { reason: 'NoCredentials', message: 'It is not asked: see CredentialsReady.' };

function told(type: MemberConditionType, contact: Contact | undefined, well: string): MemberCondition {
  if (contact === undefined || contact === 'Unknown')
    return { type, status: 'Unknown', reason: 'NotProbed', message: 'It has not been asked yet.' };
  if (contact === 'Answers') return { type, status: 'True', reason: 'Answers', message: well };
  return { type, status: 'False', ...contact };
}

function propagated({ wish, sighting }: MemberFindings): readonly MemberCondition[] {
  const type = 'Propagated';
  if (wish.is === 'Nothing') return [];
  if (wish.is === 'Impossible') return [{ type, status: 'False', reason: wish.reason, message: wish.message }];
  const { propagation } = sighting ?? {};
  if (propagation === undefined) return [{ type, status: 'Unknown', ...withoutCredentials }];
  const { is, reason, message } = propagation;
  return [{ type, status: is === 'InSync' ? 'True' : 'False', reason, message }];
}
