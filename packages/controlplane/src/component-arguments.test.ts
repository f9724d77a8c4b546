import { describe, expect, test } from 'vitest';
import {
  apiServerArguments,
  controllerManagerArguments,
  etcdArguments,
  instancePaths,
  kwokArguments,
  schedulerArguments,
} from './component-arguments.ts';
import { componentEnvironment } from './launchers.ts';

const paths = instancePaths('/i');

test('etcd forces writes to disk only when it has to be durable', () => {
  expect(etcdArguments(paths, true)).not.toContain('--unsafe-no-fsync');
  expect(etcdArguments(paths, false)).toContain('--unsafe-no-fsync');
});

test('the API server writes an audit log only when asked, and then before it answers', () => {
  const audit = (on: boolean): string[] =>
    apiServerArguments(paths, { port: 1, audit: on, admissionPlugins: [] }).filter((flag) =>
      flag.startsWith('--audit'),
    );
  expect(audit(false)).toEqual([]);
  expect(audit(true)).toEqual([
    '--audit-log-path=/i/audit.log',
    '--audit-policy-file=/i/audit-policy.yaml',
    '--audit-log-mode=blocking',
    '--audit-log-format=json',
    '--audit-log-maxsize=102400',
  ]);
});

describe('no component listens beyond this machine', () => {
  test.each([
    ['etcd', etcdArguments(paths, true)],
    ['kube-apiserver', apiServerArguments(paths, { port: 1, audit: true, admissionPlugins: ['Extra'] })],
    ['kube-controller-manager', controllerManagerArguments(paths)],
    ['kube-scheduler', schedulerArguments(paths)],
    ['kwok', kwokArguments(paths, [])],
  ])('%s', (_, flags) => {
    const addresses = flags.flatMap(
      (flag) => /^--(?:bind-address|secure-port|listen-[a-z]+-urls|server-address)=(.*)$/.exec(flag)?.[1] ?? [],
    );
    for (const address of addresses) expect(address).toMatch(/^(127\.0\.0\.1|unix:.*|0|1)$/);
    expect(flags.filter((flag) => flag.includes('0.0.0.0') || flag.includes('insecure'))).toEqual([]);
  });
});

test('sockets go to another directory when the instance has too long a path', () => {
  expect(instancePaths('/very/long', '/tmp/s')).toMatchObject({
    etcdData: '/very/long/etcd',
    etcdSocket: '/tmp/s/etcd-0000.sock',
    etcdPeerSocket: '/tmp/s/peer-0000.sock',
  });
});

test("components do not inherit the caller's settings for etcd, Kubernetes and kwok", () => {
  const callers = {
    PATH: '/bin',
    TMPDIR: '/t',
    HOME: '/home/me',
    ETCD_NAME: 'x',
    KUBE_FEATURE_WatchList: 'false',
    KUBECONFIG: '/k',
  };
  expect(componentEnvironment(paths, callers)).toEqual({ PATH: '/bin', TMPDIR: '/t', HOME: '/i' });
});
