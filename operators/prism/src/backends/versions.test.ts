import { expect, test } from 'vitest';
import { backendKinds } from './backend-kind.ts';
import { imageOf, isUnpinned, pullPolicyOf } from './versions.ts';

test.each([...backendKinds, 'zookeeper'] as const)('%s has a pinned image where the cluster names none', (server) => {
  expect(isUnpinned(imageOf(server))).toBe(false);
  expect(pullPolicyOf(server)).toBe('IfNotPresent');
});

test('a version is the tag of the official image, and an image goes before it', () => {
  expect(imageOf('redis', { version: '7-alpine' })).toBe('redis:7-alpine');
  expect(imageOf('redis', { version: '7-alpine', image: 'mirror:5000/redis:1' })).toBe('mirror:5000/redis:1');
});

test.each([
  ['nats:latest', true],
  ['nats', true],
  ['mirror:5000/nats', true],
  ['mirror:5000/nats:latest', true],
  ['mirror:5000/nats:2.10', false],
  ['nats:2.10-alpine', false],
  ['nats@sha256:1f2e', false],
  ['nats:latest@sha256:1f2e', false],
])('whether %s may be another image tomorrow: %s', (image, expected) => {
  expect(isUnpinned(image)).toBe(expected);
  expect(pullPolicyOf('nats', { image })).toBe(expected ? 'Always' : 'IfNotPresent');
});

test('the cluster decides when an image is pulled, if it says so', () => {
  expect(pullPolicyOf('nats', { version: 'latest', imagePullPolicy: 'Never' })).toBe('Never');
});
