import { describe, expect, it } from 'vitest';
import { anIngestion, kafkaIngestion, kafkaSpec } from '../a-stage.fixture.ts';
import { strictRules } from '../spec/safety/safety-rules.ts';
import { understand } from '../spec/understand.ts';
import type { Judged, Policy } from './guard.ts';
import { judge } from './judge.ts';

const policy: Policy = { safety: strictRules, allowedEndpoints: ['*.druid.example'] };
const fine: Judged = {
  source: { spec: '' },
  understanding: understand({ type: 'kafka', spec: kafkaSpec(), fallbackId: '' }),
};
const unsafe = understand({ type: 'kafka', spec: kafkaSpec('a', { x: { type: 'javascript' } }), fallbackId: '' });
const connecting = {
  connected: {
    connection: { url: 'http://a' },
    secretVersions: '',
    versions: new Map(),
    values: new Map([['kafka/jaas', 'com.sun.security.auth.module.JndiLoginModule required;']]),
  },
};
const jndi = understand({
  type: 'kafka',
  spec: kafkaSpec('a', { consumerProperties: { 'sasl.jaas.config': `\${secret:kafka/jaas}` } }),
  fallbackId: '',
});

const script = { type: 'javascript', function: 'x' };
const environment = { type: 'environment', variable: 'X' };
const deep = JSON.parse(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`);

const endpoint = (url: string) => kafkaIngestion({ endpoint: { url } });
const auth = (namespace: string) =>
  kafkaIngestion({ auth: { type: 'basic-auth', secretRef: { name: 'a', namespace } } });

describe('the judge', () => {
  it.each([
    ['a plain one', kafkaIngestion(), fine],
    ['credentials of its own namespace', auth('shop'), fine],
    ['an address that the operator allows', endpoint('https://router.druid.example:9088'), fine],
  ])('lets a spec pass: %s', (_what, spec, observed) => {
    expect(judge(anIngestion(spec), observed, policy)).toBeUndefined();
  });

  it.each([
    ['SpecInvalid', 'of the wrong shape', kafkaIngestion({ deletionPolicy: 'Keep' as 'Retain' }), fine],
    ['SecretNotOwn', 'with credentials of another namespace', auth('kube-system'), fine],
    ['EndpointNotAllowed', 'with an address of its own', endpoint('http://169.254.169.254/latest'), fine],
    [
      'EndpointNotAllowed',
      'with an address that only looks allowed',
      endpoint('https://druid.example.evil.test'),
      fine,
    ],
    [
      'SpecMissing',
      'whose ConfigMap is not there',
      kafkaIngestion(),
      { source: { missing: 'ConfigMap/specs does not exist' } },
    ],
    [
      'SpecInvalid',
      'that is no JSON',
      kafkaIngestion(),
      { ...fine, understanding: understand({ type: 'kafka', spec: '{', fallbackId: '' }) },
    ],
    ['SpecUnsafe', 'with a script', kafkaIngestion(), { ...fine, understanding: unsafe }],
    [
      'SpecUnsafe',
      'whose Secret loads code from elsewhere',
      kafkaIngestion(),
      { ...fine, understanding: jndi, connecting },
    ],
    [
      'OwnedByAnother',
      'of a supervisor that another resource has',
      kafkaIngestion(),
      { ...fine, rival: { name: 'first', claim: 'supervisor clicks' } },
    ],
  ])('refuses, by reason %s, a spec %s', (reason, _what, spec, observed) => {
    expect(judge(anIngestion(spec), observed, policy)).toMatchObject({ reason });
  });

  it.each([
    ['SpecUnsafe', 'a script', script],
    ['SpecUnsafe', 'the environment', environment],
    ['SpecUnsafe', 'an input source that calls others', { inputSource: { type: 'http' } }],
    ['SpecInvalid', 'too many levels', deep],
  ])('refuses, by reason %s, compaction, rules and a spec with %s', (reason, _what, part) => {
    const settings = [{ compaction: part }, { rules: [part] }, { nativeSpec: { ...kafkaSpec(), part } }];
    const verdicts = settings.map((setting) => {
      const ingestion = { type: 'kafka', spec: JSON.stringify(kafkaSpec()), ...setting };
      const understanding = understand({ type: 'kafka', spec: ingestion.nativeSpec ?? ingestion.spec, fallbackId: '' });
      return judge(anIngestion(kafkaIngestion({ ingestion })), { ...fine, understanding }, policy);
    });
    expect(verdicts).toMatchObject([{ reason }, { reason }, { reason }]);
  });
});
