import type { CustomResourceDefinition, Deployment, KubeObject, Lease } from '@capstan/kube';
import { describe, expect, test } from 'vitest';
import type { ServiceSight } from '../seen-webhooks.ts';
import { everyInstallation, installed, seen, survey, surveyedAt, whole } from '../survey.fixture.ts';
import { checkStuck } from './stuck.ts';

const deletionTimestamp = new Date(surveyedAt).toISOString();
const ours = 'druid.apache.org/ingestion';
const kind = everyInstallation.find(({ name }) => name === 'druid')?.kinds[0]?.versions[0];
if (kind === undefined) throw new Error('Druid has a kind');
const finalizers = { own: [ours], former: ['old.io/finalizer'] };

function ingestion(held: readonly string[], isGoing = true): KubeObject {
  return {
    ...{ apiVersion: 'druid.apache.org/v1alpha1', kind: 'DruidIngestion' },
    metadata: { namespace: 'shop', name: 'clicks', finalizers: held, ...(isGoing && { deletionTimestamp }) },
  };
}

function lease(secondsAgo: number, holderIdentity = 'someone'): Lease {
  const renewTime = new Date(surveyedAt - secondsAgo * 1_000).toISOString();
  return {
    ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace: 'ops', name: 'druid-operator' } },
    spec: { holderIdentity, leaseDurationSeconds: 15, renewTime },
  };
}

const deployment: Deployment = {
  ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
  metadata: {
    ...{ namespace: 'ops', name: 'ingest' },
    labels: { 'app.kubernetes.io/part-of': 'capstan', 'app.kubernetes.io/name': 'druid-operator' },
  },
  status: { readyReplicas: 1 },
};

interface Given {
  readonly object?: KubeObject;
  readonly leases?: readonly Lease[];
  readonly deployments?: readonly Deployment[];
  readonly namespaces?: readonly KubeObject[];
  readonly definitions?: readonly CustomResourceDefinition[];
  readonly service?: ServiceSight;
}

function found({ object, leases = [], deployments = [], namespaces = [], definitions = [], service }: Given) {
  if (kind === undefined) throw new Error('it is there, as was seen above');
  const objects = object === undefined ? whole<KubeObject>() : whole(object);
  return checkStuck(
    survey({
      resources: [{ installation: 'druid', kind, finalizers, objects }],
      ...{ leases: seen(leases), deployments: whole(...deployments), namespaces: seen(namespaces) },
      definitions: seen(definitions),
      services: new Map(service === undefined ? [] : [['prism-system/prism-operator-webhook', seen(service)]]),
    }),
  );
}

describe('a resource that is being deleted', () => {
  test.each<[string, Given, boolean]>([
    ['and waits for an operator without a Lease', { object: ingestion([ours]) }, true],
    ['and waits for an operator whose Lease ran out', { object: ingestion([ours]), leases: [lease(300)] }, true],
    ['and waits for an operator that let its Lease go', { object: ingestion([ours]), leases: [lease(1, '')] }, true],
    ['and waits for a former finalizer', { object: ingestion(['old.io/finalizer']) }, true],
    ['while the operator renews its Lease', { object: ingestion([ours]), leases: [lease(2)] }, false],
    ['while a pod of the operator is ready', { object: ingestion([ours]), deployments: [deployment] }, false],
    ['and waits for somebody else', { object: ingestion(['a.b/c']) }, false],
    ['no more than any other', { object: ingestion([ours], false) }, false],
  ])('%s: stuck is %s', (_, given, isStuck) => {
    expect(found(given).map(({ level }) => level)).toEqual([isStuck ? 'problem' : 'ok']);
  });

  test('is freed by a patch that takes off ours alone, and only as long as nobody changed them', () => {
    const [stuck] = found({ object: ingestion([ours, 'a.b/c']) });
    expect(stuck?.remedy).toContain(
      `kubectl patch druidingestions.druid.apache.org clicks -n shop --type=json -p '[{"op":"test","path":"/metadata/finalizers","value":["${ours}","a.b/c"]},{"op":"replace","path":"/metadata/finalizers","value":["a.b/c"]}]'`,
    );
  });
});

test('a namespace and a definition that wait for such resources have one command for all of them', () => {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', deletionTimestamp } };
  const definition = installed('druidingestions.druid.apache.org', { metadata: { deletionTimestamp } });
  const remedies = found({ object: ingestion([ours]), namespaces: [namespace], definitions: [definition] });
  expect(remedies.slice(1)).toEqual([
    expect.objectContaining({
      where: 'Namespace shop',
      remedy: expect.stringContaining('capstan uninstall druid --release-only --resources-in shop'),
    }),
    expect.objectContaining({
      where: 'CustomResourceDefinition druidingestions.druid.apache.org',
      remedy: expect.stringMatching(/capstan uninstall druid --release-only$/),
    }),
  ]);
});

describe('a conversion that nobody does', () => {
  const definition = (storedVersions: readonly string[]) =>
    installed('prismpatterns.prism.io', { status: { storedVersions } });
  const gone = { exists: false, readyEndpoints: 0 };

  test.each<[string, readonly string[], ServiceSight, string]>([
    ['stops everything where objects may be stored in another version', ['v1alpha1', 'v1beta1'], gone, 'problem'],
    ['stops nothing that lies in the version that is stored', ['v1beta1'], gone, 'ok'],
    ['is none where something answers', ['v1alpha1', 'v1beta1'], { exists: true, readyEndpoints: 1 }, 'ok'],
  ])('%s', (_, storedVersions, service, level) => {
    expect(found({ definitions: [definition(storedVersions)], service }).map((each) => each.level)).toEqual([level]);
  });
});
