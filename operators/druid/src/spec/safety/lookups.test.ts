import { describe, expect, it } from 'vitest';
import { unsafeLookup } from './lookups.ts';
import { type SafetyRules, strictRules } from './safety-rules.ts';

const allowing = (...allowedLookups: string[]): SafetyRules => ({ ...strictRules, allowedLookups });
const namespace = (extractionNamespace: object) =>
  JSON.parse(JSON.stringify({ type: 'cachedNamespace', extractionNamespace }));
const jdbc = (password: string) =>
  namespace({ type: 'jdbc', connectorConfig: { connectURI: 'jdbc:x', user: 'a', password } });

describe('the lookups that tenants may have', () => {
  it.each([
    [{ type: 'map', map: { a: 'b' } }, strictRules],
    [{ type: 'map', map: { type: 'javascript', password: 'canary' } }, strictRules],
    [namespace({ type: 'staticMap', map: { a: 'b' } }), strictRules],
    [namespace({ type: 'uri', uri: 's3://bucket/a' }), allowing('uri')],
    [namespace({ type: 'uri', uri: 's3://bucket/a' }), allowing('cachedNamespace')],
    [jdbc(`\${secret:db/password}`), allowing('jdbc')],
    [{ type: 'kafka', kafkaProperties: { 'bootstrap.servers': 'kafka:9092' } }, allowing('kafka')],
  ])('are these: %o', (factory, rules) => {
    expect(unsafeLookup(factory, rules)).toEqual([]);
  });
});

describe('the lookups that tenants may not have', () => {
  it.each([
    ['without a type', { map: {} }, strictRules, 'has no type'],
    ['from a URI', namespace({ type: 'uri' }), strictRules, '--allow-lookup uri'],
    ['from a database', jdbc(`\${secret:db/password}`), allowing('uri'), '--allow-lookup jdbc'],
    ['of a namespace that says nothing', namespace({}), strictRules, '--allow-lookup cachedNamespace'],
    ['from Kafka', { type: 'kafka' }, strictRules, '--allow-lookup kafka'],
    ['that load', { type: 'loadingLookup', dataFetcher: { type: 'jdbcDataFetcher' } }, strictRules, 'loadingLookup'],
    ['that poll', { type: 'pollingLookup' }, strictRules, 'pollingLookup'],
    ['of an extension', { type: 'somethingElse' }, strictRules, 'somethingElse'],
    ['with a password in clear', jdbc('canary'), allowing('jdbc'), 'connectorConfig.password must come from a Secret'],
    [
      'with a namespace in the form of a list',
      { type: 'cachedNamespace', extractionNamespace: ['jdbc', {}] },
      allowing('uri'),
      '--allow-lookup jdbc',
    ],
    [
      'with the environment of Druid',
      namespace({ type: 'jdbc', connectorConfig: { password: { type: 'environment', variable: 'PASSWORD' } } }),
      allowing('jdbc'),
      'reads the environment',
    ],
    [
      'with a script',
      namespace({ type: 'uri', namespaceParseSpec: { format: 'javascript' } }),
      allowing('uri'),
      'namespaceParseSpec is JavaScript',
    ],
    [
      'with a class for Kafka',
      { type: 'kafka', kafkaProperties: { 'interceptor.classes': 'evil.Spy' } },
      allowing('kafka'),
      'no consumer property',
    ],
  ])('are those %s', (_what, factory, rules, words) => {
    const problems = unsafeLookup(factory, rules);
    expect(problems).toEqual([expect.stringContaining(words)]);
    expect(problems.join()).not.toContain('canary');
  });
});
