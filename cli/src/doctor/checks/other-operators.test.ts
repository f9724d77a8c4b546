import type { Deployment, Lease } from '@capstan/kube';
import { describe, expect, test } from 'vitest';
import { forbidden, seen, survey, surveyedAt, whole } from '../survey.fixture.ts';
import { checkOtherOperators } from './other-operators.ts';

function lease(name: string, secondsAgo: number, holderIdentity = 'pod-0'): Lease {
  const renewTime = new Date(surveyedAt - secondsAgo * 1_000).toISOString();
  return {
    ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace: 'ops', name } },
    spec: { holderIdentity, leaseDurationSeconds: 15, renewTime },
  };
}

interface Given {
  readonly namespace?: string;
  readonly name: string;
  readonly image: string;
  readonly replicas?: number;
  readonly args?: readonly string[];
}

function deployment({ namespace = 'ops', name, image, replicas = 1, args = [] }: Given): Deployment {
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace, name } },
    spec: { replicas, selector: {}, template: { spec: { containers: [{ name: 'main', image, args }] } } },
  };
}

const levelsOf = (...deployments: readonly Deployment[]) =>
  checkOtherOperators(survey({ deployments: whole(...deployments) })).map(({ level, where }) => [level, where]);
const fine = [['ok', 'Leases and Deployments']];

describe('a Lease', () => {
  test.each([
    ['streambus-operator-lock', 3, 'pod-0', 'problem'],
    ['prism-operator-leader-election', 3, 'pod-0', 'problem'],
    ['e6946145.apache.org', 3, 'pod-0', 'problem'],
    ['e6946145.apache.org', 600, 'pod-0', 'note'],
    ['e6946145.apache.org', 3, '', 'note'],
    ['prism-operator', 3, 'pod-0', 'ok'],
  ])('%s, renewed %d s ago by "%s", is a finding of level %s', (name, secondsAgo, holder, level) => {
    const found = checkOtherOperators(survey({ leases: seen([lease(name, secondsAgo, holder)]) }));
    expect(found).toEqual([expect.objectContaining({ level })]);
  });
});

describe('a Deployment', () => {
  test.each<[string, Given, string]>([
    ['of the original StreamBus operator', { name: 'bus', image: 'registry.example/streambus/operator:1' }, 'problem'],
    ['of an original that is stopped', { name: 'bus', image: 'streambus/operator:1', replicas: 0 }, 'note'],
    ['of the existing Druid operator', { name: 'x', image: 'apache/druid-operator:v1.3' }, 'problem'],
    ['named after it by a chart', { name: 'tools-druid-operator', image: 'mirror/operator:1' }, 'problem'],
    ['of the original Prism operator', { name: 'prism-operator', image: 'prism/prism-operator:2' }, 'problem'],
  ])('%s is told', (_, given, level) => {
    expect(levelsOf(deployment(given))).toEqual([[level, `Deployment ops/${given.name}`]]);
  });

  test.each<[string, Given]>([
    ['of ours', { name: 'druid-operator', image: 'capstan/druid-operator:0.2.0' }],
    ['of ours from a mirror', { name: 'ours', image: 'registry.example/capstan/druid-operator@sha256:0' }],
    ['of somebody else', { name: 'shop', image: 'shop/shop:1' }],
  ])('%s is fine', (_, given) => {
    expect(levelsOf(deployment(given))).toEqual(fine);
  });

  test('that has the name and the place of ours stands in the way of an install', () => {
    const original = deployment({
      namespace: 'streambus-system',
      name: 'streambus-operator',
      image: 'streambus/operator',
    });
    expect(checkOtherOperators(survey({ deployments: whole(original) }))).toContainEqual(
      expect.objectContaining({ level: 'problem', says: expect.stringContaining('another selector') }),
    );
  });
});

describe('a second install of ours', () => {
  const ours = (namespace: string, ...args: readonly string[]) =>
    deployment({ namespace, name: 'prism-operator', image: 'capstan/prism-operator:0.2.0', args });

  test.each([
    ['in another namespace is a problem', [ours('a'), ours('b')], [['problem', 'Deployment b/prism-operator']]],
    ['for other namespaces is fine', [ours('a', '--namespace=x'), ours('b', '--namespace=y')], fine],
    ['in the same namespace shares the Lease', [ours('a'), ours('a')], fine],
  ])('%s', (_, deployments, expected) => {
    expect(levelsOf(...deployments)).toEqual(expected);
  });
});

test('what may not be listed could not be looked at', () => {
  const found = checkOtherOperators(survey({ leases: forbidden, deployments: forbidden }));
  expect(found.map(({ where }) => where)).toEqual(['Leases', 'Deployments']);
});
