import { expect, test } from 'vitest';
import { type InstanceStatus, renderStatus } from './status.ts';

const running: InstanceStatus = {
  name: 'default',
  state: 'running',
  reason: null,
  version: '1.36.3',
  server: 'https://127.0.0.1:20001',
  nodes: 'kwok',
  ageSeconds: 0,
  rssBytes: 810_389_504,
  kubeconfig: '/c/kubeconfig.yaml',
};

test('the table shows what runs, and below it why something does not', () => {
  const failed: InstanceStatus = {
    name: 'b',
    state: 'failed',
    reason: 'etcd ended with exit code 1: see /c/etcd.log',
    version: null,
    server: null,
    nodes: null,
    ageSeconds: null,
    rssBytes: null,
    kubeconfig: null,
  };
  expect(renderStatus([running, failed])).toBe(
    [
      'NAME     STATE    VERSION  SERVER                   NODES  AGE  RSS     KUBECONFIG',
      'default  running  1.36.3   https://127.0.0.1:20001  kwok   1 s  810 MB  /c/kubeconfig.yaml',
      'b        failed   -        -                        -      -    -       -',
      'b: etcd ended with exit code 1: see /c/etcd.log',
    ].join('\n'),
  );
});
