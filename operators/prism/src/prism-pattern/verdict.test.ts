import { describe, expect, it } from 'vitest';
import { aClusterWithBackends, aPattern, type PatternSpecInput } from './a-pattern.fixture.ts';
import { verdictOn } from './verdict.ts';

const alone = { place: 0, live: () => undefined };

function reasonFor(spec: Partial<PatternSpecInput>, name = 'letters'): string {
  const cluster = aClusterWithBackends({ patterns: [{ name: 'taken' }] });
  const verdict = verdictOn(aPattern(spec, { name }), cluster, alone);
  return verdict.kind === 'Refused' ? `${verdict.reason}: ${verdict.message}` : verdict.kind;
}

/** A trigger with an address of its own, and the credentials that are named. */
const withCredentials = (name: string, kind?: 'ClusterTriggerAuthentication'): Partial<PatternSpecInput> => ({
  autoscaling: {
    triggers: [
      {
        type: 'redis',
        metadata: { address: 'elsewhere.example:6379', listName: 'a' },
        authenticationRef: { name, ...(kind !== undefined && { kind }) },
      },
    ],
  },
});

const trigger = (metadata: Readonly<Record<string, string>>, type = 'rabbitmq'): Partial<PatternSpecInput> => ({
  autoscaling: { triggers: [{ type, metadata }] },
});

describe('a pattern is refused', () => {
  const rows: readonly (readonly [string, Partial<PatternSpecInput>, string, string])[] = [
    [
      'with more at least than at most',
      { autoscaling: { minReplicas: 3, maxReplicas: 2 } },
      'SpecInvalid: spec.autoscaling.minReplicas: ',
      'letters',
    ],
    [
      'with more requested than its limit',
      { resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } },
      'SpecInvalid: spec.resources.requests.cpu: ',
      'letters',
    ],
    [
      'with none at least and no KEDA',
      { autoscaling: { minReplicas: 0 } },
      'SpecInvalid: spec.autoscaling.minReplicas: ',
      'letters',
    ],
    [
      'with KEDA and nothing to ask',
      { autoscaling: { scaler: 'keda' } },
      'SpecInvalid: spec.autoscaling.triggers: ',
      'letters',
    ],
    [
      'scaled by memory without a request of it',
      { autoscaling: { targetMemory: 80 }, resources: {} },
      'SpecInvalid: spec.resources: ',
      'letters',
    ],
    [
      'scaled by CPU, as it is unless told, without one',
      { autoscaling: {}, resources: {} },
      'SpecInvalid: spec.resources: ',
      'letters',
    ],
    ['with one volume for several pods', { storage: {}, replicas: 2 }, 'SpecInvalid: spec.storage: ', 'letters'],
    [
      'with one volume for several pods at most',
      { storage: {}, autoscaling: {} },
      'SpecInvalid: spec.storage: ',
      'letters',
    ],
    [
      'with a backend that there is not',
      { backends: [{ name: 'mysql' }] },
      'SpecInvalid: spec.backends[mysql].name: must be one of ',
      'letters',
    ],
    ['with a name too long for its objects', {}, 'NameUnusable: metadata.name: ', 'a'.repeat(41)],
    ['with a name with a dot', {}, 'NameUnusable: ', 'a.b'],
    ['with a name that the cluster has', {}, 'NameConflict: metadata.name: taken is ', 'taken'],
    [
      'with a password of a trigger',
      trigger({ password: 'x' }),
      'SecretInPlain: spec.autoscaling.triggers[0].metadata.password: ',
      'letters',
    ],
    [
      'with a login in a URL',
      trigger({ host: 'amqp://me:secret@host' }),
      'SecretInPlain: spec.autoscaling.triggers[0].metadata.host: ',
      'letters',
    ],
    [
      'with a value too long to be looked through',
      trigger({ queueName: 'a'.repeat(4097) }),
      'SpecInvalid: spec.autoscaling.triggers[0].metadata',
      'letters',
    ],
    [
      'with credentials for all namespaces',
      withCredentials('mine', 'ClusterTriggerAuthentication'),
      'SpecInvalid: spec.autoscaling.triggers[0].authenticationRef.kind: must not be ClusterTriggerAuthentication',
      'letters',
    ],
    [
      'with the credentials of a backend for somebody else',
      withCredentials('orders-letters-runner-redis'),
      'SpecInvalid: spec.autoscaling.triggers[0].authenticationRef.name: orders-letters-runner-redis is ',
      'letters',
    ],
    [
      'with those of another pattern with a longer name',
      withCredentials('orders-a-b-runner-0123abcd-postgres'),
      'SpecInvalid: spec.autoscaling.triggers[0].authenticationRef.name: ',
      'letters',
    ],
    [
      'with usage alone and no pod',
      { autoscaling: { minReplicas: 0, triggers: [{ type: 'cpu', metadata: { value: '80' } }] } },
      'SpecInvalid: spec.autoscaling.minReplicas: ',
      'letters',
    ],
    [
      'with a metric that lacks its part',
      { autoscaling: { metrics: [{ type: 'Pods' }] } },
      'SpecInvalid: spec.autoscaling.metrics[0].pods: ',
      'letters',
    ],
    ['with a label that no pod can have', { placement: {}, podLabels: { '/': 'a' } }, 'SpecInvalid: ', 'letters'],
    [
      'with a configuration too deep',
      { config: JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`) },
      'SpecInvalid: spec.config: ',
      'letters',
    ],
  ];
  it.each(rows)('%s', (_title, spec, start, name) => {
    expect(reasonFor(spec, name)).toContain(start);
  });

  it('without a word of what is secret', () => {
    expect(reasonFor(trigger({ host: 'amqp://me:hunter2@host', token: 'hunter2' }))).not.toContain('hunter2');
  });
});

describe('a pattern is accepted', () => {
  const rows: readonly (readonly [string, Partial<PatternSpecInput>])[] = [
    ['with a variable that has the password', trigger({ passwordFromEnv: 'PASSWORD', hostFromEnv: 'HOST' })],
    ['with bounds that nobody asks for', { autoscaling: { enabled: false, minReplicas: 3, maxReplicas: 2 } }],
    ['with none at least and KEDA', trigger({ queueName: 'a' })],
    ['with a limit in place of a request', { autoscaling: { targetCPU: 50 }, resources: { limits: { cpu: '1' } } }],
    ['with a backend that its cluster has not, which is said elsewhere', { backends: [{ name: 'kafka' }] }],
    ['with credentials of its author', withCredentials('my-redis')],
    ['with a value as long as one may be', trigger({ queueName: 'a'.repeat(4096) })],
    ['with nothing but the memory of its pods', { backends: [{ name: 'memstore' }] }],
  ];
  it.each(rows)('%s', (_title, spec) => {
    expect(reasonFor(spec)).toBe('Accepted');
  });
});
