import { describe, expect, it } from 'vitest';
import { plainSecrets } from './plain-secrets.ts';

function found(metadata: Readonly<Record<string, string>>): readonly string[] {
  const autoscaling = { enabled: true, minReplicas: 0, maxReplicas: 1, triggers: [{ type: 'rabbitmq', metadata }] };
  return plainSecrets({ autoscaling }).map((path) => path.replace('spec.autoscaling.triggers[0].metadata.', ''));
}

describe('a secret in plain sight', () => {
  it.each([
    ...['password', 'saslPassword', 'appKey', 'app_key', 'apiKey', 'credentials', 'customAuthValue', 'clientSecret'],
    ...['bearerToken', 'sharedAccessKey', 'awsSecretAccessKey', 'connectionString', 'keyPassphrase'],
  ])('is recognized by the name of its parameter: %s', (key) => {
    expect(found({ [key]: 'x' })).toEqual([key]);
  });

  it.each([
    'amqp://me:hunter2@host',
    'amqp://me:hun:ter2@host',
    'https://safe.example https://me:hunter2@host',
    'me:hunter2@tcp(host:3306)/shop',
    'https://:hunter2@host',
    'me:hun@ter2@host',
    'host=db user=me password=hunter2',
    "host=db password = 'hunter2'",
    '{"user": "me", "password": "hunter2"}',
    'Server=db;Pwd=hunter2;',
    'Endpoint=sb://x.example/;SharedAccessKeyName=root;SharedAccessKey=aHVudGVy',
    'AccountName=shop;AccountKey=aHVudGVy',
    'https://host/queue?api_key=hunter2',
    'https://host/queue?access-key=hunter2&a=b',
    'https://host/blob?sv=1&sig=hunter2',
    'Authorization=Bearer hunter2',
    '-----BEGIN PRIVATE KEY-----\nMIIE',
    '{"private_key":"-----BEGIN RSA PRIVATE KEY-----"}',
  ])('is recognized by the shape of the value: %s', (value) => {
    expect(found({ queueName: 'a', other: value })).toEqual(['other']);
  });
});

describe('what is no secret', () => {
  it.each([
    ['passwordFromEnv', 'PASSWORD'],
    ['leaseToken', 'shop'],
    ['tokenName', 'a'],
    ['bootstrapServers', 'a.example:9092,b.example:9092'],
    ['serverAddress', 'http://prometheus.example:9090/api'],
    ['query', 'sum(rate(http_requests{secret="shop",token=~"a|b"}[2m] offset 1m)) @ 1609746000'],
    ['query', "select count(*) from jobs where token = 1 and mail like '%@shop.example'"],
    ['connection', 'host=db user=me password='],
    ['host', 'amqp://me@host:5672/vhost'],
    ['queueURL', 'https://sqs.example/1/q'],
  ])('stays: %s %s', (key, value) => {
    expect(found({ [key]: value })).toEqual([]);
  });
});

describe('a value made to take long', () => {
  const long = 400_000;
  it.each([
    ...[':', '://', '://:', ':@', '@', 'a:', ' :', '/', '?sig=', 'password', 'password ', 'password=', '-----BEGIN '],
    ...['-----BEGIN A', 'authorization ', 'secret', 'token=', 'api_'],
  ])('is done with before anybody notices: %s, many times over', (part) => {
    expect(found({ '': `${part.repeat(long / part.length)}`.slice(0, long) }).length).toBeLessThan(2);
    expect(found({ '': `password${' '.repeat(long)}` })).toEqual([]);
    expect(found({ '': `-----BEGIN ${'A '.repeat(long / 2)}` })).toEqual([]);
    expect(found({ '': `://${':'.repeat(long)}` })).toEqual([]);
  });
});
