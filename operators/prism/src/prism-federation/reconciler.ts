import { minutes, type Reconciler, TerminalError } from '@capstan/runtime';
import { PrismFederation } from '../api/v1alpha3/prism-federation.ts';
import { decide } from './decision/decide.ts';
import { eventsOf } from './events.ts';
import type { Findings, MemberFindings } from './findings.ts';
import type { MemberAccess, MemberFound } from './members.ts';
import { publish } from './publish.ts';
import type { Owner } from './remote/propagated.ts';
import type { Attention, Outlook, Remotes } from './remotes.ts';
import { recalled, rulesOf } from './rules.ts';
import { statusOf, unhurried } from './status.ts';
import { type Wish, wishFor } from './wanted-clusters.ts';

/** What federations share. */
export interface Outside {
  readonly remotes: Remotes;
  readonly access: MemberAccess;
}

/** Remote clusters start passes by themselves; this keeps them from being forgotten. */
const recheckAfterMs = minutes(5);

/** Drives one federation: look at its clusters, publish where traffic goes, report. No pass waits for a remote cluster. */
export function federationReconciler(outside: Outside): Reconciler<PrismFederation> {
  return async (resource, pass) => {
    const federation = PrismFederation.withDefaults(resource);
    mustBeValid(federation);
    const found = await outside.access.find(federation, pass);
    const wishes = found.map(({ member }, index) => wishFor(federation, member, `spec.clusters[${index}]`, pass.cache));
    const attention = attentionTo(federation, found, wishes);
    const outlook = pass.isRehearsal ? glanceAt(attention, outside.remotes) : outside.remotes.attend(attention);
    const published = publish(federation, outlook.decision);
    const outcome = await pass.apply(published.plan);
    const members = membersOf(found, wishes, outlook);
    const findings: Findings = { federation, decision: outlook.decision, members, published, outcome };
    const status = statusOf(findings, pass.now);
    return pass.report({ status, unhurried, events: eventsOf(federation, status), recheckAfterMs });
  };
}

/** The API server has checked this already, unless the CRD there is an older one or has lost its rules. */
function mustBeValid({ status: _ours, ...asked }: PrismFederation): void {
  const violations = PrismFederation.validate(asked);
  if (violations.length === 0) return;
  throw new TerminalError('SpecInvalid', violations.map(({ path, message }) => `${path}: ${message}`).join('; '));
}

/** What the clusters of a federation are to be attended to for. */
export function attentionTo(
  federation: PrismFederation,
  found: readonly MemberFound[],
  wishes: readonly Wish[],
): Attention {
  return {
    owner: ownerOf(federation),
    rules: rulesOf(federation),
    recalled: (at) => recalled(federation, at),
    members: found.map(({ target }, index) => {
      const wish = wishes[index];
      return { ...target, ...(wish?.is === 'Wanted' && { wanted: wish.cluster }) };
    }),
  };
}

/** Whom what is propagated belongs to. */
export function ownerOf({ metadata }: Pick<PrismFederation, 'metadata'>): Owner {
  return { namespace: metadata.namespace ?? 'default', name: metadata.name, uid: metadata.uid ?? '' };
}

/** In a preview nothing is begun: what is known, or what was reported. */
function glanceAt({ owner, rules, recalled: recall }: Attention, remotes: Remotes): Outlook {
  const known = remotes.glance(owner);
  if (known !== undefined) return known;
  const at = rules.hold; // any time will do for a single decision
  return { decision: decide(recall(at), {}, rules, at), sightings: new Map() };
}

function membersOf(
  found: readonly MemberFound[],
  wishes: readonly Wish[],
  { sightings }: Outlook,
): readonly MemberFindings[] {
  return found.map(({ member, access }, index) => ({
    ...{ member, access, sighting: sightings.get(member.name) },
    wish: wishes[index] ?? { is: 'Nothing' },
  }));
}
