import { describe, expect, it } from 'vitest';
import { unsafeLoginModules } from './consumer-properties.ts';
import { strictRules } from './safety-rules.ts';
import { unsafeParts } from './unsafe-parts.ts';

const kafka = (consumerProperties: Record<string, string>) => ({
  type: 'kafka',
  spec: { dataSchema: { dataSource: 'a' }, ioConfig: { consumerProperties } },
});
const batch = (inputSource: Record<string, unknown>) =>
  JSON.parse(JSON.stringify({ type: 'index_parallel', spec: { ioConfig: { inputSource } } }));

describe('what tenants may send to Druid', () => {
  it.each([
    kafka({ 'bootstrap.servers': 'kafka:9092' }),
    kafka({
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.jaas.config': `\${secret:kafka/jaas}`,
    }),
    kafka({ 'ssl.truststore.location': '/tls/ca.jks', 'ssl.truststore.password': `\${secret:kafka/store}` }),
    kafka({ 'fetch.max.bytes': '1', 'max.poll.records': '500', 'group.id': 'g', 'client.rack': 'a' }),
    batch({ type: 'local', baseDir: '/data', filter: '*' }),
    batch({ type: 's3', uris: ['s3://bucket/a'] }),
    batch({ type: 'combining', delegates: [{ type: 'inline', data: 'http' }] }),
    { query: 'INSERT INTO a SELECT * FROM TABLE(EXTERN(\'{"type":"s3"}\', \'{}\'))' },
  ])('is this: %o', (spec) => {
    expect(unsafeParts(spec, strictRules)).toEqual([]);
  });
});

describe('what tenants may not send to Druid', () => {
  it.each([
    ['a login in clear', kafka({ 'sasl.jaas.config': 'Login required;' }), 'must come from a Secret'],
    ['a login of a listener', kafka({ 'listener.name.x.sasl.jaas.config': 'Login;' }), 'no consumer property'],
    ['a class', kafka({ 'sasl.login.callback.handler.class': 'evil.Handler' }), 'no consumer property'],
    ['interceptors', kafka({ 'interceptor.classes': 'evil.Spy' }), 'no consumer property'],
    ['an engine for TLS', kafka({ 'ssl.engine.factory.class': 'evil.Engine' }), 'no consumer property'],
    [
      'an address for tokens',
      kafka({ 'sasl.oauthbearer.token.endpoint.url': 'file:///etc/passwd' }),
      'no consumer property',
    ],
    ['HTTP', batch({ type: 'http', uris: ['http://169.254.169.254/'] }), 'type http'],
    ['HTTP among others', batch({ type: 'combining', delegates: [{ type: 'http' }] }), 'type http'],
    ['a database', batch({ type: 'sql', database: {} }), 'type sql'],
    ['a script', { type: 'kafka', spec: { transforms: [{ type: 'javascript', function: 'x' }] } }, 'JavaScript'],
    [
      'a parser that is a script',
      { type: 'kafka', spec: { parser: { parseSpec: { format: 'javascript' } } } },
      'JavaScript',
    ],
    ['HTTP by a function', { query: "INSERT INTO a SELECT * FROM TABLE(HTTP(URIS => ARRAY['http://x']))" }, 'by http'],
    ['HTTP by an object', { query: 'INSERT INTO a SELECT * FROM TABLE(EXTERN(\'{"type": "http"}\'))' }, 'by http'],
    ['HTTP in a schedule', { type: 'scheduled_batch', spec: { query: 'SELECT * FROM TABLE( http (1))' } }, 'by http'],
  ])('is %s', (_what, spec, words) => {
    const [problem, ...others] = unsafeParts(spec, strictRules);
    expect([problem, others]).toEqual([expect.stringContaining(words), []]);
  });

  it('is said without the values', () => {
    const spec = kafka({ 'sasl.jaas.config': 'canary-1', 'interceptor.classes': 'canary-2' });
    expect(unsafeParts(spec, strictRules).join()).not.toContain('canary');
  });

  it('can be widened by the operator, one by one', () => {
    const rules = {
      allowedInputSources: ['http'],
      allowedConsumerProperties: ['sasl.jaas.config', 'x'],
      allowsJavaScript: true,
    };
    const specs = [batch({ type: 'http' }), kafka({ 'sasl.jaas.config': 'Login;', x: '1' }), { type: 'javascript' }];
    expect(specs.map((spec) => unsafeParts(spec, rules))).toEqual([[], [], []]);
  });
});

describe('what a Secret may hold', () => {
  it.each([
    'com.sun.security.auth.module.JndiLoginModule required user.provider.url="ldap://evil";',
    'com.sun.security.auth.module.LdapLoginModule required;',
  ])('is no login module that loads from another host: %s', (login) => {
    expect(unsafeLoginModules(kafka({ 'sasl.jaas.config': login }))).toHaveLength(1);
  });

  it('is any other one', () => {
    const login = 'org.apache.kafka.common.security.scram.ScramLoginModule required username="a" password="b";';
    expect(unsafeLoginModules(kafka({ 'sasl.jaas.config': login }))).toEqual([]);
  });
});
