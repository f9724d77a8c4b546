import { describe, expect, test } from 'vitest';
import { OFFICIAL_HOSTS, releaseSource } from './release-sources.ts';

const linux = { os: 'linux', arch: 'arm64' } as const;
const DIGEST = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);

test('Kubernetes programs come from dl.k8s.io, with a digest beside each', () => {
  const source = releaseSource('kube-apiserver', '1.36.3', linux, OFFICIAL_HOSTS);
  expect(source).toMatchObject({
    url: 'https://dl.k8s.io/release/v1.36.3/bin/linux/arm64/kube-apiserver',
    checksumUrl: 'https://dl.k8s.io/release/v1.36.3/bin/linux/arm64/kube-apiserver.sha256',
  });
  expect(source.checksumIn(`${DIGEST}\n`)).toBe(DIGEST);
});

test('etcd comes out of its release archive', () => {
  const source = releaseSource('etcd', '1.36.3', linux, OFFICIAL_HOSTS);
  expect(source).toMatchObject({
    url: 'https://github.com/etcd-io/etcd/releases/download/v3.6.16/etcd-v3.6.16-linux-arm64.tar.gz',
    member: 'etcd-v3.6.16-linux-arm64/etcd',
  });
  const sums = `${OTHER}  etcd-v3.6.16-linux-amd64.tar.gz\n${DIGEST}  etcd-v3.6.16-linux-arm64.tar.gz\n`;
  expect(source.checksumIn(sums)).toBe(DIGEST);
});

test("kwok's digest is the one GitHub records for the asset", () => {
  const source = releaseSource('kwok', '1.36.3', linux, OFFICIAL_HOSTS);
  expect(source.url).toBe('https://github.com/kubernetes-sigs/kwok/releases/download/v0.8.0/kwok-linux-arm64');
  const assets = [
    { name: 'kwok-linux-amd64', digest: `sha256:${OTHER}` },
    { name: 'kwok-linux-arm64', digest: `sha256:${DIGEST}` },
  ];
  expect(source.checksumIn(JSON.stringify({ assets }))).toBe(DIGEST);
});

describe('no digest is made up', () => {
  test.each([
    ['kube-apiserver', '<html>not found</html>'],
    ['etcd', `${DIGEST}  etcd-v3.6.16-linux-amd64.tar.gz\n`],
    ['kwok', '{"assets":[]}'],
    ['kwok', '{"assets":[{"name":"kwok-linux-arm64"}]}'],
  ] as const)('for %s from %s', (program, text) => {
    expect(releaseSource(program, '1.36.3', linux, OFFICIAL_HOSTS).checksumIn(text)).toBeUndefined();
  });
});
