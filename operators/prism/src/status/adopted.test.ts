import type { KubeObject } from '@capstan/kube';
import { conditionOf } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import type { SpecInput } from '../a-cluster.fixture.ts';
import { adopting, aHandMade, aStub, ownedByOrders, seenWith, strangers } from '../adoption/hand-made.fixture.ts';
import { statusOf } from '../status.ts';

function told(type: string, objects: readonly KubeObject[], spec: SpecInput = adopting): string | undefined {
  const { cluster, observed } = seenWith(spec, objects);
  const findings = { observed, children: [], failures: [], contests: [] };
  const found = conditionOf(statusOf(cluster, findings, '2026-01-01T00:00:00Z').conditions, type);
  return found && `${found.status} ${found.reason}: ${found.message}`;
}

const owned = { ownerReferences: [ownedByOrders] };
const keys = [
  { name: 'S3_SECRET_KEY', value: 'hush-hush' },
  { name: 'CACHE', value: 'redis://me:hush-hush@cache' },
];
const harmless = [
  { name: 'S3_ENDPOINT', value: 'http://minio:9000' },
  { name: 'REDIS_PASSWORD', valueFrom: {} },
];
const ours: readonly KubeObject[] = [
  aHandMade('Deployment', 'control', { owner: ownedByOrders }),
  aHandMade('Deployment', 'proxy', { owner: ownedByOrders }),
  aHandMade('StatefulSet', 'mailbox', {
    owner: ownedByOrders,
    containers: [{ name: 'main', env: [...keys, ...harmless] }],
  }),
  ...[aStub('Service', 'control', owned), aStub('Service', 'proxy-svc', owned)],
];
const instead = (kind: string, name: string, metadata?: Partial<KubeObject['metadata']>) => [
  ...ours.filter((each) => each.kind !== kind || each.metadata.name !== name),
  ...(metadata === undefined ? [] : [aStub(kind, name, metadata)]),
];

describe('whether what is named to be taken over is the own one', () => {
  const deploymentOf = { apiVersion: 'v1', kind: 'Shop', name: 'corner', uid: '1', controller: true };
  it.each([
    ['is not said where nothing is named', ours, { profile: 'memo035' }, undefined],
    [
      'is said, with what is kept as it is',
      ...([ours, adopting] as const),
      'True KeptAsTheyAre: Everything is taken over. Kept as they are, but for what the spec says of them: prism-admin, prism-proxy, mailbox-runner.',
    ],
    [
      'waits for the first pass',
      strangers,
      adopting,
      expect.stringContaining('False Waiting: Deployment/control is not taken over yet'),
    ],
    [
      'names another controller that has it',
      ...([instead('Deployment', 'proxy', { ownerReferences: [deploymentOf] }), adopting] as const),
      'False HeldByOthers: Deployment/proxy belongs to Shop/corner, and is left alone until that lets go of it.',
    ],
    [
      'names the Helm release that has it',
      ...([instead('Service', 'control', { annotations: { 'meta.helm.sh/release-name': 'shop' } }), adopting] as const),
      'False HeldByOthers: Service/control belongs to Helm release shop, and is left alone until that lets go of it.',
    ],
    [
      'names what does not exist',
      instead('Service', 'proxy-svc'),
      adopting,
      'False NotFound: Service/proxy-svc does not exist.',
    ],
    [
      'does not miss what nobody named',
      instead('Service', 'control'),
      adopting,
      expect.stringContaining('True KeptAsTheyAre'),
    ],
  ] as const)('%s', (_title, objects, spec, expected) => {
    expect(told('Adopted', objects, spec)).toEqual(expected);
  });
});

describe('secrets in plain sight of pods that are kept as they are', () => {
  it('are told by the names of their variables, and never by their values', () => {
    const found = told('DefaultCredentials', ours);
    expect(found).toContain('True InPlainSight');
    expect(found).toContain('mailbox-runner (CACHE, S3_SECRET_KEY)');
    expect(found).not.toContain('hush');
  });
});
