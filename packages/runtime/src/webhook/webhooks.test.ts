import type { KubeObject } from '@capstan/kube';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AdmissionQuestion } from './admission-review.ts';
import { conversionPatch, webhookConfiguration } from './configuration-target.ts';
import { mutating } from './mutating.ts';
import { validating } from './validating.ts';
import { converting, type Webhook } from './webhook.ts';
import { webhookRules, webhookService, webhooksFor } from './webhooks.ts';

type Cache = KubeObject & { readonly spec: { readonly replicas: number; readonly shards?: number } };

const kind = { group: 'example.dev', version: 'v1', kind: 'Cache', plural: 'caches', namespaced: true };
const convertible = { ...kind, convert: (object: object) => object };
const cache = (spec: Cache['spec'], metadata: Partial<KubeObject['metadata']> = {}): Cache => ({
  apiVersion: 'example.dev/v1',
  kind: 'Cache',
  metadata: { name: 'orders', ...metadata },
  spec,
});

const question = (object: KubeObject | undefined, old?: KubeObject): AdmissionQuestion => ({
  request: {
    uid: 'u',
    operation: object === undefined ? 'DELETE' : old === undefined ? 'CREATE' : 'UPDATE',
    namespace: 'prod',
    name: 'orders',
    user: { name: 'jane', groups: [] },
    isDryRun: false,
  },
  object,
  old,
});

describe('a validating webhook', () => {
  const checked = {
    ...kind,
    validate: () => [{ path: 'spec.replicas', message: 'must be more', reason: 'FieldValueInvalid' }],
  };

  it('refuses for the kind’s own schema first, and does not ask the judge about what is unsound', async () => {
    const answer = await validating<Cache>(checked, () => expect.unreachable()).answer(
      question(cache({ replicas: 0 })),
    );
    expect(answer).toMatchObject({
      allowed: false,
      status: { code: 422, message: 'Cache.example.dev "orders" is invalid: spec.replicas: must be more' },
    });
  });

  it('tells the judge what is there and who asks', async () => {
    const webhook = validating<Cache>(kind, (now, before, { user, operation }) => [
      { path: '', message: `${operation} by ${user.name} from ${before?.spec.replicas} to ${now.spec.replicas}` },
    ]);
    const answer = await webhook.answer(question(cache({ replicas: 2 }), cache({ replicas: 1 })));
    expect(answer).toMatchObject({ status: { message: expect.stringContaining('UPDATE by jane from 1 to 2') } });
  });

  it('lets in with warnings', async () => {
    const answer = await validating<Cache>(kind, () => ({ warnings: ['old'] })).answer(
      question(cache({ replicas: 1 })),
    );
    expect(answer).toEqual({ allowed: true, warnings: ['old'] });
  });

  it('asks about deletions only where somebody may refuse one', () => {
    expect(validating(kind).operations).toEqual(['CREATE', 'UPDATE']);
    expect(validating(kind, undefined, { deletion: () => [] }).operations).toContain('DELETE');
  });
});

describe('a mutating webhook', () => {
  const sharded = mutating<Cache>(kind, (object) =>
    object.spec.shards === undefined
      ? { ...object, spec: { ...object.spec, shards: object.spec.replicas * 2 } }
      : object,
  );

  it('answers with the least patch, and has nothing to add to its own answer', async () => {
    const spec = fc.record({ replicas: fc.nat(), shards: fc.nat() }, { requiredKeys: ['replicas'] });
    await fc.assert(
      fc.asyncProperty(spec, async (given) => {
        const object = cache(given);
        const first = await sharded.answer(question(object));
        const wanted =
          given.shards === undefined ? [{ op: 'add', path: '/spec/shards', value: given.replicas * 2 }] : [];
        expect(first).toEqual({ allowed: true, patch: wanted });
        const changed = cache({ shards: given.replicas * 2, ...given });
        expect(await sharded.answer(question(changed))).toEqual({ allowed: true, patch: [] });
      }),
    );
  });

  it.each<[what: string, change: (object: Cache) => Cache]>([
    ['status', (object) => ({ ...object, status: { ready: true } })],
    ['kind', (object) => ({ ...object, kind: 'Other' })],
    ['metadata.name', (object) => ({ ...object, metadata: { ...object.metadata, name: 'other' } })],
  ])('is told of the mistake when it changes what is not its own: %s', async (what, change) => {
    await expect(mutating<Cache>(kind, change).answer(question(cache({ replicas: 1 })))).rejects.toThrow(
      `must not change ${what}`,
    );
  });

  it('may change labels, annotations and finalizers', async () => {
    const labels = mutating<Cache>(kind, (object) => ({
      ...object,
      metadata: { ...object.metadata, labels: { a: 'b' } },
    }));
    expect(await labels.answer(question(cache({ replicas: 1 })))).toMatchObject({
      patch: [{ op: 'add', path: '/metadata/labels', value: { a: 'b' } }],
    });
  });
});

describe('what API servers are told', () => {
  const validates = validating(kind);
  const mutates = mutating<Cache>(kind, (object) => object);
  const options = {
    name: 'cache-operator',
    namespace: 'operators',
    address: { service: { namespace: 'operators', name: 'cache-operator-webhook', port: 443 } },
  };
  const trust = { trusted: ['-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'] };
  const caBundle = Buffer.from(trust.trusted.join('')).toString('base64');

  it('is to fail closed for this kind alone, soon, and never in the operator’s own namespace', () => {
    expect(webhookConfiguration('validate', [validates], trust, options)).toMatchObject({
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'cache-operator' },
      webhooks: [
        {
          name: 'caches.example.dev',
          failurePolicy: 'Fail',
          timeoutSeconds: 5,
          sideEffects: 'None',
          matchPolicy: 'Equivalent',
          rules: [
            {
              apiGroups: ['example.dev'],
              apiVersions: ['v1'],
              resources: ['caches'],
              operations: ['CREATE', 'UPDATE'],
            },
          ],
          namespaceSelector: {
            matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['operators'] }],
          },
          clientConfig: { caBundle, service: { ...options.address.service, path: '/validate/example.dev/v1/caches' } },
        },
      ],
    });
  });

  it('is to ask only where the operator works', () => {
    const { webhooks } = webhookConfiguration('validate', [validates], trust, { ...options, namespaces: ['a', 'b'] });
    expect(webhooks[0]?.namespaceSelector?.matchExpressions).toMatchObject([
      {},
      { operator: 'In', values: ['a', 'b'] },
    ]);
  });

  it('is to ask a mutating webhook again after others', () => {
    expect(webhookConfiguration('mutate', [mutates], trust, options)).toMatchObject({
      kind: 'MutatingWebhookConfiguration',
      webhooks: [{ reinvocationPolicy: 'IfNeeded' }],
    });
  });

  it('is to convert by a path of its own, and at no other address', () => {
    expect(conversionPatch(trust, options).spec.conversion).toEqual({
      strategy: 'Webhook',
      webhook: {
        clientConfig: { caBundle, service: { ...options.address.service, path: '/convert' }, url: null },
        conversionReviewVersions: ['v1'],
      },
    });
    const address = { url: 'https://127.0.0.1:9443' };
    expect(conversionPatch(trust, { address }).spec.conversion.webhook.clientConfig).toEqual({
      ...{ caBundle, url: 'https://127.0.0.1:9443/convert', service: null },
    });
  });

  it('leaves it to cert-manager whom to trust, when that is asked for', () => {
    const injected = { injectedFrom: 'operators/cache-operator' };
    for (const body of [
      webhookConfiguration('validate', [validates], injected, options),
      conversionPatch(injected, options),
    ]) {
      expect(body.metadata).toMatchObject({
        annotations: { 'cert-manager.io/inject-ca-from': 'operators/cache-operator' },
      });
      expect(JSON.stringify(body)).not.toContain('caBundle');
    }
  });
});

describe('an operator without webhooks', () => {
  it('serves none, needs no permission and is ready all the same', () => {
    expect(webhooksFor({ name: 'a', webhooks: [], bindAddress: ':9443' })).toEqual({
      beside: [],
      checks: [],
      metrics: [],
    });
    expect(webhooksFor({ name: 'a', webhooks: [validating(kind)], bindAddress: undefined }).beside).toEqual([]);
    expect(webhookRules('a', [])).toEqual({ cluster: [], own: [] });
  });
});

describe('the permissions for webhooks', () => {
  it('name every object, whatever the webhooks are', () => {
    const each = fc.constantFrom<Webhook>(
      validating(kind),
      mutating<Cache>(kind, (object) => object),
      converting(convertible),
    );
    fc.assert(
      fc.property(fc.array(each), fc.constantFrom('managed' as const, 'mounted' as const), (webhooks, certificates) => {
        const { cluster, own } = webhookRules('cache-operator', webhooks, certificates);
        for (const { resourceNames } of [...cluster, ...own]) expect(resourceNames?.length).toBeGreaterThan(0);
        if (certificates === 'mounted') expect(own).toEqual([]);
      }),
    );
  });
});

describe('the permissions for configurations of admission webhooks', () => {
  it('let the operator find the ClusterRole with which they go, and make them go with it where it changes owners', () => {
    const { cluster } = webhookRules('cache-operator', [validating(kind)], 'managed', 'release-cache-operator');
    expect(cluster).toContainEqual({
      apiGroups: ['rbac.authorization.k8s.io'],
      resources: ['clusterroles'],
      resourceNames: ['release-cache-operator'],
      verbs: ['get'],
    });
    const configurations = cluster.find(({ resources }) => resources?.[0] === 'validatingwebhookconfigurations');
    expect(configurations?.verbs).toContain('delete');
  });

  it('are not there where nothing but conversion is served', () => {
    const { cluster } = webhookRules('cache-operator', [converting(convertible)]);
    expect(cluster.flatMap(({ resources = [] }) => resources)).toEqual(['customresourcedefinitions']);
  });
});

describe('the Service of webhooks', () => {
  const at = { namespace: 'operators', selector: { app: 'cache' }, targetPort: 9443 };

  it('leads to replicas that are not ready yet where these may wait for their own conversion', () => {
    expect(webhookService('cache-operator', [validating(kind), converting(convertible)], at)).toMatchObject({
      metadata: { name: 'cache-operator-webhook', namespace: 'operators' },
      spec: { publishNotReadyAddresses: true, ports: [{ port: 443, targetPort: 9443 }] },
    });
  });

  it('leads to ready replicas only where nothing is converted', () => {
    expect(webhookService('cache-operator', [validating(kind)], at).spec).not.toHaveProperty(
      'publishNotReadyAddresses',
    );
  });
});
