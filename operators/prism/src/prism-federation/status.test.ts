import { conditionOf } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import type { PrismFederation } from '../api/v1alpha3/prism-federation.ts';
import { aDecision, aFederation } from './a-federation.fixture.ts';
import type { Decision } from './decision/decision.ts';
import type { Findings, MemberFindings } from './findings.ts';
import { publish } from './publish.ts';
import type { Sighting } from './remote/remote-session.ts';
import { statusOf } from './status.ts';

const now = '2026-01-01T00:00:00Z';
const later = '2026-01-01T00:01:00Z';
const well: Sighting = {
  api: 'Answers',
  watch: 'Answers',
  health: 'Answers',
  observation: { verdict: 'Healthy', inARow: 1 },
  latencyStep: 20,
};
const ill: Sighting = {
  ...well,
  api: { reason: 'NoAnswer', message: 'It does not answer.' },
  health: { reason: 'NoAnswer', message: 'It does not answer.' },
};
const ready = { is: 'Ready' } as MemberFindings['access']; // its connection is not looked at
const missing: MemberFindings['access'] = {
  is: 'Missing',
  reason: 'CredentialsMissing',
  message: 'spec.clusters[0].credentialsSecret: is missing',
};

function findings(
  federation: PrismFederation,
  decision: Decision,
  sightings: Readonly<Record<string, Sighting>>,
  access = ready,
): Findings {
  const members = federation.spec.clusters.map((member): MemberFindings => {
    return { member, access, wish: { is: 'Nothing' }, sighting: sightings[member.name] };
  });
  const outcome = { children: [], failures: [], contests: [], live: () => undefined };
  return { federation, decision, members, published: publish(federation, decision), outcome };
}

function told(status: ReturnType<typeof statusOf>, type: string): string {
  const found = conditionOf(status.conditions, type);
  return `${found?.status} ${found?.reason}: ${found?.message}`;
}

describe('the status of a federation', () => {
  const before = aFederation();
  const first = statusOf(findings(before, aDecision(before, { east: 100 }), { east: well, west: well }), now);
  const federation = aFederation({}, first);

  it('says where traffic goes', () => {
    expect(first).toMatchObject({ activeClusters: ['east'], failedOverFrom: [], healthyClusters: '2/2' });
    expect(told(first, 'Ready')).toBe('True Routed: Traffic goes to east (100%); 2 of 2 clusters are healthy.');
    expect(told(first, 'FailedOver')).toContain('False NoFailure');
    expect(told(first, 'Published')).toBe('True UpToDate: The weights are in the ConfigMap.');
    expect(first.clusters?.[0]).toMatchObject({
      name: 'east',
      reachable: true,
      latencyMilliseconds: 20,
      weight: 100,
      traffic: 'In',
    });
  });

  it('says that traffic has moved, when and why', () => {
    const decision = aDecision(federation, { west: 100 });
    const east = { is: 'Out', since: decision.since, displaced: true } as const;
    const moved = { ...decision, standings: { ...decision.standings, east } };
    const status = statusOf(findings(federation, moved, { east: ill, west: well }), later);
    expect(told(status, 'FailedOver')).toBe('True TrafficMoved: east failed; traffic goes to west (100%).');
    expect(told(status, 'Ready')).toBe('True Routed: Traffic goes to west (100%); 1 of 2 clusters are healthy.');
    expect(status.lastSwitch).toEqual({ time: later, from: ['east'], to: ['west'], reason: 'Failover' });
    expect(status.clusters).toMatchObject([
      { name: 'east', reachable: false, traffic: 'Out', weight: 0, lastTransition: later },
      { name: 'west', reachable: true, traffic: 'In', weight: 100, lastTransition: now },
    ]);
  });

  it('agrees with what is published when the spec takes the traffic from those that had it', () => {
    const taken = aDecision(federation, {}, { basis: 'Withdrawn', withdrawn: true });
    const status = statusOf(findings(federation, taken, { east: well, west: ill }), later);
    expect(status.activeClusters).toEqual([]);
    expect(status.lastSwitch).toMatchObject({ from: ['east'], to: [] });
    expect(told(status, 'Ready')).toContain('False TrafficWithdrawn');
    expect(told(status, 'Published')).toContain('True UpToDate');
  });

  it('names those that have traffic by what is published while nothing is decided', () => {
    const waiting = aDecision(federation, {}, { basis: 'Waiting', withdrawn: true });
    const status = statusOf(findings(federation, waiting, { east: well }), later);
    expect(status.activeClusters).toEqual(['east']);
    expect(status.lastSwitch).toBeUndefined();
    expect(told(status, 'Published')).toContain('False Undecided');
  });

  it('says that nobody is healthy and traffic stays', () => {
    const status = statusOf(
      findings(federation, aDecision(federation, { east: 100 }, { basis: 'Static' }), { east: ill, west: ill }),
      later,
    );
    expect(told(status, 'Ready')).toBe(
      'False NobodyHealthy: No cluster is healthy, so traffic stays where it was: east (100%).',
    );
    expect(status.lastSwitch).toBeUndefined();
  });

  it('says what is missing of each cluster without credentials, as those of the sample of the requirement are', () => {
    const status = statusOf(findings(before, aDecision(before, {}, { basis: 'Nobody' }), {}, missing), now);
    expect(told(status, 'Stalled')).toContain(
      'True CredentialsMissing: east: spec.clusters[0].credentialsSecret: is missing.',
    );
    for (const { conditions } of status.clusters ?? [])
      expect(conditions?.map(({ type, status: is, reason }) => `${type}=${is} ${reason}`)).toEqual([
        'CredentialsReady=False CredentialsMissing',
        'Healthy=False NoCredentials',
        'Reachable=Unknown NoCredentials',
      ]);
  });

  it('is the same when nothing has changed', () => {
    const again = statusOf(
      findings(federation, aDecision(federation, { east: 100 }), { east: well, west: well }),
      later,
    );
    expect(again).toEqual(first);
  });

  it('says that credentials are refused', () => {
    const refusal = { reason: 'CredentialsRefused', message: 'Its API server does not accept the credentials.' };
    const status = statusOf(
      findings(federation, aDecision(federation, { east: 100 }), { east: { ...ill, api: refusal }, west: well }),
      later,
    );
    expect(conditionOf(status.clusters?.[0]?.conditions, 'CredentialsReady')).toMatchObject({
      status: 'False',
      ...refusal,
    });
  });
});
