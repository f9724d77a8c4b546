import { describe, expect, it } from 'vitest';
import { kindWords } from './kind-words.ts';

describe('the words of a kind', () => {
  it.each([
    ['Cache', 'cache', 'cache', 'cache', 'caches'],
    ['MessageQueue', 'messageQueue', 'message-queue', 'message queue', 'messagequeues'],
    ['HTTPProxy', 'httpProxy', 'http-proxy', 'http proxy', 'httpproxies'],
    ['RedisHTTP', 'redisHTTP', 'redis-http', 'redis http', 'redishttps'],
    ['S3Bucket', 's3Bucket', 's3-bucket', 's3 bucket', 's3buckets'],
    ['Gateway', 'gateway', 'gateway', 'gateway', 'gateways'],
    ['Index', 'index', 'index', 'index', 'indexes'],
  ])('%s', (kind, camel, kebab, phrase, plural) => {
    expect(kindWords(kind)).toEqual({ kind, camel, kebab, phrase, plural, lower: kind.toLowerCase() });
  });

  it('have the plural that one is told', () => {
    expect(kindWords('Mouse', 'mice').plural).toBe('mice');
  });
});
