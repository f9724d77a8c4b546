import { expect, test } from 'vitest';
import { withoutCredentials } from './without-credentials.ts';

test('a plan shows live objects without their logins, and everything else', () => {
  const pod = (env: readonly object[], args: readonly string[]) => ({
    spec: { containers: [{ name: 'c', env, args }] },
  });
  const open = { name: 'RUST_LOG', value: 'info' };
  const kept = { name: 'S3_SECRET_KEY', value: 'minioadmin' };
  expect(withoutCredentials(pod([open, kept], ['--password=x', '-v']))).toEqual(
    pod([open, { ...kept, value: '(not shown)' }], ['(not shown)']),
  );
  expect(withoutCredentials(pod([open], ['-v']))).toEqual(pod([open], ['-v']));
});

test('what kubectl remembers of an object is not shown', () => {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"a":1}', team: 'edge' };
  expect(withoutCredentials({ annotations })).toEqual({
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '(not shown)', team: 'edge' },
  });
});
