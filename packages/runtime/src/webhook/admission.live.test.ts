import {
  ConfigMap,
  type Connection,
  createClient,
  type KubeClient,
  loadKubeConfig,
  Secret,
  ValidatingWebhookConfiguration,
} from '@capstan/kube';
import {
  AuditLog,
  comparePermissions,
  connectionWith,
  createIdentity,
  eventually,
  never,
  type OperatorIdentity,
  pickPort,
} from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { controller } from '../controller/controller.ts';
import { Manager } from '../manager.ts';
import { healthServer } from '../observe/health-server.ts';
import { metricsServer } from '../observe/metrics-server.ts';
import { rbacRulesOf } from '../rbac.ts';
import type { AdmissionViolation } from './admission-review.ts';
import { mutating } from './mutating.ts';
import { validating } from './validating.ts';
import { type Ballast, ballastKind, installed, keptLog, madeNamespace, refusalOf } from './webhooks.fixture.ts';
import { webhookRules, webhooksFor } from './webhooks.ts';

const Weight = ballastKind('Weight');
const name = 'weight-operator';

/** What the webhook and the reconciler both ask. */
function judged({ spec: { weight, limit = 0, secret } }: Ballast): readonly AdmissionViolation[] {
  if (secret === 'throw') throw new Error(`the secret is ${secret}-8f2a`);
  return weight <= limit ? [] : [{ path: 'spec.weight', message: `must be at most spec.limit, which is ${limit}` }];
}

const webhooks = [
  validating(Weight, (weight) => ({ violations: judged(weight), warnings: ['weights are heavy'] }), {
    deletion: ({ spec }) => (spec.keep === true ? [{ path: 'spec.keep', message: 'set it to false first' }] : []),
  }),
  mutating(Weight, (weight) =>
    weight.spec.limit === undefined ? { ...weight, spec: { ...weight.spec, limit: weight.spec.weight * 2 } } : weight,
  ),
];

const weights = controller<Ballast>(Weight, {
  name,
  owns: [],
  reconcile: async (weight, pass) => {
    const [violation] = judged(weight);
    return pass.report({
      status: { verdict: violation === undefined ? 'fine' : `${violation.path} ${violation.message}` },
    });
  },
});

const { log, lines } = keptLog();
const rules = webhookRules(name, webhooks);
const audit = new AuditLog(process.env['CAPSTAN_TEST_AUDIT_LOG'] ?? '');
let admin: KubeClient;
let connection: Connection;
let identity: OperatorIdentity;
let own: string;
let namespace: string;
let port: number;
const urls = { metrics: '', health: '' };
let started = 0;
let stop = new AbortController();
let ended: Promise<void> = Promise.resolve();

function start(): void {
  stop = new AbortController();
  const parts = webhooksFor({
    ...{ name, webhooks, namespace: own, bindAddress: `127.0.0.1:${port}` },
    address: { url: `https://127.0.0.1:${port}` },
  });
  const metrics = metricsServer({
    ...{ bindAddress: '127.0.0.1:0', further: parts.metrics },
    onListening: (url) => {
      urls.metrics = url;
    },
  });
  const health = healthServer({
    ...{ bindAddress: '127.0.0.1:0', checks: parts.checks },
    onListening: (url) => {
      urls.health = url;
    },
  });
  const manager = new Manager({ connection, controllers: [weights], log, beside: [...parts.beside, metrics, health] });
  ended = manager.run(stop.signal);
}

const weight = (metadata: Ballast['metadata'], spec: Partial<Ballast['spec']> = {}): Ballast => ({
  apiVersion: 'webhooks.capstan.dev/v1',
  kind: 'Weight',
  metadata: { namespace, ...metadata },
  spec: { weight: 1, ...spec },
});

/** Resolves when the API server has come to ask, and is answered. */
function untilAsked(): Promise<void> {
  return eventually(
    async () => {
      const refusal = await refusalOf(
        admin.create(Weight, weight({ name: 'probe' }, { weight: 5, limit: 1 }), { dryRun: true }),
      );
      expect(refusal?.status).toBe(422);
      // Of the two configurations it may have heard of one alone.
      const filled = await admin.create(Weight, weight({ name: 'probe' }, { weight: 2 }), { dryRun: true });
      expect(filled.spec.limit).toBe(4);
    },
    { timeout: 20_000 },
  );
}

beforeAll(async () => {
  const direct = await loadKubeConfig({ path: inject('kubeconfig') });
  admin = createClient(direct);
  own = await madeNamespace(admin, 'webhook-operator');
  namespace = await madeNamespace(admin, 'webhook-admission');
  port = await pickPort();
  await installed(admin, Weight);
  identity = await createIdentity(admin, {
    ...{ namespace: own, name, clusterWide: true },
    rules: [...rbacRulesOf(weights), ...rules.cluster, ...rules.own],
  });
  connection = connectionWith(identity.token, direct);
  started = audit.position();
  start();
  await untilAsked();
});

afterAll(async () => {
  stop.abort();
  await ended;
  await admin.delete(ValidatingWebhookConfiguration, { name });
  await identity[Symbol.asyncDispose]();
  await admin.close();
});

describe('an object that is sound', () => {
  it('is let in, with what the schema cannot fill in filled in', async () => {
    const made = await admin.create(Weight, weight({ name: 'sound' }, { weight: 3 }));
    expect(made.spec).toEqual({ weight: 3, limit: 6 });
    const changed = await admin.patch(Weight, made.metadata, { kind: 'merge', body: { spec: { limit: null } } });
    expect(changed.spec).toEqual({ weight: 3, limit: 6 });
  });
});

describe('an object that is not', () => {
  it('is refused on creation, and the refusal names the field', async () => {
    const refusal = await refusalOf(admin.create(Weight, weight({ name: 'heavy' }, { weight: 5, limit: 2 })));
    expect(refusal).toMatchObject({ status: 422, reason: 'Invalid' });
    expect(refusal?.causes).toEqual([
      { field: 'spec.weight', reason: 'FieldValueInvalid', message: 'must be at most spec.limit, which is 2' },
    ]);
    expect(refusal?.serverMessage).toContain(
      'Weight.webhooks.capstan.dev "heavy" is invalid: spec.weight: must be at most',
    );
  });

  it('is refused on an update, and what is there stays', async () => {
    const made = await admin.create(Weight, weight({ name: 'grows' }, { weight: 1, limit: 2 }));
    const refusal = await refusalOf(
      admin.patch(Weight, made.metadata, { kind: 'merge', body: { spec: { weight: 9 } } }),
    );
    expect(refusal?.causes.map(({ field }) => field)).toEqual(['spec.weight']);
    expect((await admin.get(Weight, made.metadata))?.spec.weight).toBe(1);
  });

  it('is refused without the words of an error in the webhook, which only the log has', async () => {
    const refusal = await refusalOf(admin.create(Weight, weight({ name: 'throws' }, { secret: 'throw' })));
    expect(refusal?.status).toBe(500);
    expect(refusal?.serverMessage).toContain('the webhook failed on this object');
    expect(refusal?.serverMessage).not.toContain('8f2a');
    expect(lines.filter((line) => line.includes('a webhook failed') && line.includes('8f2a'))).toHaveLength(1);
  });
});

describe('a deletion', () => {
  it('is refused where the object must be kept, and goes through once it need not', async () => {
    const made = await admin.create(Weight, weight({ name: 'kept' }, { keep: true }));
    const refusal = await refusalOf(admin.delete(Weight, made.metadata));
    expect(refusal).toMatchObject({ status: 403, reason: 'Forbidden' });
    expect(refusal?.serverMessage).toContain('must not be deleted: spec.keep: set it to false first');
    await admin.patch(Weight, made.metadata, { kind: 'merge', body: { spec: { keep: false } } });
    expect(await admin.delete(Weight, made.metadata)).toBe(true);
  });
});

describe('what no webhook is asked about', () => {
  it('is the operator’s own namespace; what is wrong there the reconciler says', async () => {
    const made = await admin.create(Weight, weight({ namespace: own, name: 'inside' }, { weight: 5, limit: 2 }));
    await eventually(async () => {
      const { status } = (await admin.get(Weight, made.metadata)) ?? {};
      expect(status?.verdict).toBe('spec.weight must be at most spec.limit, which is 2');
    });
  });

  it('is the status', async () => {
    const made = await admin.create(Weight, weight({ name: 'told' }));
    await eventually(async () => expect((await admin.get(Weight, made.metadata))?.status?.verdict).toBe('fine'));
  });
});

describe('the operator', () => {
  it('asks nothing of the API server while nothing changes', async () => {
    const from = audit.position();
    const asked = () => audit.since(from, { user: identity.user }).filter(({ verb }) => verb !== 'watch');
    await never(() => expect(asked()).not.toEqual([]), { during: 2_000 });
  });

  it('puts right what somebody changed about its webhooks, and makes them anew when they are deleted', async () => {
    const before = await admin.get(ValidatingWebhookConfiguration, { name });
    const [webhook] = before?.webhooks ?? [];
    if (webhook === undefined) throw new Error('there is no webhook');
    const body = {
      webhooks: [{ ...webhook, failurePolicy: 'Ignore', clientConfig: { url: webhook.clientConfig.url } }],
    };
    await admin.patch(ValidatingWebhookConfiguration, { name }, { kind: 'merge', body });
    await eventually(async () => {
      const live = await admin.get(ValidatingWebhookConfiguration, { name });
      expect(live?.webhooks).toEqual(before?.webhooks);
    });
    await admin.delete(ValidatingWebhookConfiguration, { name });
    await eventually(async () => {
      const live = await admin.get(ValidatingWebhookConfiguration, { name });
      expect(live?.webhooks).toEqual(before?.webhooks);
    });
  });

  it('is told of by configurations that go when the kind goes', async () => {
    const live = await admin.get(ValidatingWebhookConfiguration, { name });
    expect(live?.metadata.ownerReferences).toMatchObject([
      { kind: 'CustomResourceDefinition', name: 'weights.webhooks.capstan.dev' },
    ]);
  });

  it('counts calls by path and code, how they ended and how long they took, and is ready', async () => {
    const text = await (await fetch(`${urls.metrics}/metrics`)).text();
    const path = 'webhook="/validate/webhooks.capstan.dev/v1/weights"';
    expect(text).toMatch(new RegExp(`controller_runtime_webhook_requests_total\\{${path},code="200"\\} [1-9]`));
    for (const outcome of ['allowed', 'denied', 'failed'])
      expect(text).toMatch(new RegExp(`capstan_webhook_outcomes_total\\{${path},outcome="${outcome}"\\} [1-9]`));
    expect(text).toContain(`controller_runtime_webhook_latency_seconds_count{${path}}`);
    expect(await (await fetch(`${urls.health}/readyz?verbose`)).text()).toContain('[+]webhooks ok');
  });

  it('writes no key into its log', async () => {
    const secret = await admin.get(Secret, { namespace: own, name: `${name}-webhook-tls` });
    const keys = Object.entries(secret?.data ?? {}).filter(([key]) => key.endsWith('.key'));
    expect(keys).toHaveLength(2);
    for (const [, key] of keys) {
      const text = Buffer.from(key, 'base64').toString();
      expect(lines.some((line) => line.includes(key) || line.includes(text.split('\n')[1] ?? text))).toBe(false);
    }
  });
});

describe('while the operator is down', () => {
  beforeAll(async () => {
    await admin.create(Weight, weight({ name: 'leaving', finalizers: ['test.capstan.dev/held'] }));
    await admin.delete(Weight, { namespace, name: 'leaving' });
    stop.abort();
    await ended;
  });

  afterAll(async () => {
    start();
    await untilAsked();
  });

  it('its kinds are not written, for nobody could say what is wrong with them', async () => {
    const refusal = await refusalOf(admin.create(Weight, weight({ name: 'unjudged' })));
    expect(refusal?.status).toBe(500);
    expect(refusal?.serverMessage).toContain('weights.webhooks.capstan.dev');
  });

  it('other kinds are', async () => {
    const config: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: 'unmoved' } };
    await admin.create(ConfigMap, config);
  });

  it('an object that is being deleted can lose its finalizers', async () => {
    const leaving = { namespace, name: 'leaving' };
    await admin.patch(Weight, leaving, { kind: 'merge', body: { metadata: { finalizers: [] } } });
    expect(await admin.get(Weight, leaving)).toBeUndefined();
  });
});

describe('the permissions', () => {
  it('are those that were used, and each names its objects', async () => {
    stop.abort();
    await ended;
    const requests = audit.since(started, { user: identity.user });
    expect(comparePermissions([...rules.cluster, ...rules.own], requests).forbidden).toEqual([]);
    await eventually(() => {
      const { unused } = comparePermissions(
        [...rules.cluster, ...rules.own],
        audit.since(started, { user: identity.user }),
      );
      // A list is asked for where the server has no streaming of snapshots; a deletion never, but an admission plug-in may ask for it.
      expect(unused.filter((permission) => !/^(list|delete) /.test(permission))).toEqual([]);
    });
    for (const rule of [...rules.cluster, ...rules.own]) expect(rule.resourceNames?.length).toBeGreaterThan(0);
  });
});
