import { describe, expect, test } from 'vitest';
import type { SeenWebhook, ServiceSight } from '../seen-webhooks.ts';
import { forbidden, installed, seen, survey } from '../survey.fixture.ts';
import { checkWebhooks } from './webhooks.ts';

const path = 'policy/server';
const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] } as const;

function webhook(parts: Partial<SeenWebhook> = {}): SeenWebhook {
  return {
    ...{ role: 'validates', where: 'ValidatingWebhookConfiguration p, webhook w', mustAnswer: true, rules: [rule] },
    client: { service: { namespace: 'policy', name: 'server' } },
    ...parts,
  };
}

function findingsOf(given: SeenWebhook, service: ServiceSight, namespaces: readonly string[] = ['shop']) {
  const metadata = (name: string) => ({ name, labels: { 'kubernetes.io/metadata.name': name } });
  const objects = namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: metadata(name) }));
  const services = new Map([[path, seen(service)]]);
  return checkWebhooks(survey({ admission: seen([given]), services, namespace: 'shop', namespaces: seen(objects) }));
}

const answering = { exists: true, readyEndpoints: 1 };
const silent = { exists: true, readyEndpoints: 0 };
const gone = { exists: false, readyEndpoints: 0 };

test.each([
  ['that answers', webhook(), answering, 'ok', 'Service policy/server has endpoints'],
  ['whose Service is missing', webhook(), gone, 'problem', 'Service policy/server does not exist'],
  ['behind which nothing answers', webhook(), silent, 'problem', 'nothing answers for Service policy/server'],
  ['that need not answer', webhook({ mustAnswer: false }), gone, 'warning', 'Service policy/server does not exist'],
  [
    'outside of the cluster',
    webhook({ client: { url: 'https://policy.example.com' } }),
    answering,
    'note',
    'is outside of the cluster',
  ],
  [
    'with a CA that is none',
    webhook({ client: { service: { namespace: 'policy', name: 'server' }, caBundle: 'bm9uZQ==' } }),
    answering,
    'problem',
    'its CA bundle is no certificate',
  ],
])('a webhook %s is told', (_, given, service, level, says) => {
  expect(findingsOf(given, service)).toEqual([expect.objectContaining({ level, says: expect.stringContaining(says) })]);
});

describe('a webhook concerns us', () => {
  const rules = (parts: Partial<SeenWebhook['rules'][number]>) => webhook({ rules: [{ ...rule, ...parts }] });
  const only = (name: string) =>
    webhook({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });

  test.each([
    ['when it decides about pods', webhook(), 1],
    ['when it decides about everything', rules({ apiGroups: ['*'], resources: ['*/*'] }), 1],
    ['when it decides about our kinds', rules({ apiGroups: ['prism.io'], resources: ['prismclusters'] }), 1],
    ['when it decides about children', rules({ apiGroups: ['apps'], resources: ['statefulsets'] }), 1],
    ['not when it decides about others', rules({ apiGroups: ['batch'], resources: ['cronjobs'] }), 0],
    ['not when it decides about deletions alone', rules({ operations: ['DELETE'] }), 0],
    ['when it decides in a namespace of ours', only('shop'), 1],
    ['not when it decides in other namespaces', only('bank'), 0],
  ])('%s', (_, given, count) => {
    expect(findingsOf(given, gone)).toHaveLength(count);
  });

  test('when nobody knows the labels of our namespaces, since they do not exist yet', () => {
    expect(findingsOf(only('bank'), gone, [])).toHaveLength(1);
  });
});

test('a conversion without Service and without a CA is told, with what depends on it', () => {
  const definition = installed('prismpatterns.prism.io');
  const service = definition.spec.conversion?.webhook?.clientConfig?.service;
  const services = new Map([[`${service?.namespace}/${service?.name}`, seen(gone)]]);
  const found = checkWebhooks(survey({ definitions: seen([definition]), services }));
  expect(found.map(({ level }) => level)).toEqual(['problem', 'warning']);
  expect(found[0]?.says).toContain('objects of other versions cannot be read');
});

test('webhooks that may not be listed could not be looked at', () => {
  expect(checkWebhooks(survey({ admission: forbidden }))).toEqual([expect.objectContaining({ level: 'warning' })]);
});
