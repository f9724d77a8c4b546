import { desiredOf } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aCluster } from '../a-cluster.fixture.ts';
import { adminChildren } from '../children/admin.ts';
import { somePattern } from '../patterns/some-pattern.fixture.ts';
import { addressesOf } from './addresses.ts';
import { configDirectory, dataDirectory } from './component-profile.ts';
import { profileOf, runnerProfile } from './profiles.ts';

describe('a profile', () => {
  it.each([
    ['upstream', 1, 8981],
    ['upstream', 3, 8981],
    ['memo035', 1, 8080],
    ['memo035', 3, 8981],
  ] as const)('%s leads to prism-admin of %i at port %i, which its Service has', (profile, replicas, port) => {
    const cluster = aCluster({ spec: { profile, admin: { replicas } } });
    expect(addressesOf(cluster).adminUrl).toBe(`http://orders-prism-admin.shop.svc:${port}`);
    const services = adminChildren(cluster, { bootstrapped: 0 })
      .map(desiredOf)
      .filter(({ kind }) => kind === 'Service');
    expect(services.find(({ metadata }) => metadata.name === 'orders-prism-admin')).toMatchObject({
      spec: { ports: expect.arrayContaining([expect.objectContaining({ port })]) },
    });
  });

  it('upstream leads to where the components are', () => {
    expect(addressesOf(aCluster())).toEqual({
      proxyAddress: 'orders-prism-proxy.shop.svc:8980',
      adminUrl: 'http://orders-prism-admin.shop.svc:8981',
    });
  });

  it('upstream tells prism-admin and the runners where the volumes and files are that their pods have', () => {
    const { admin, runners, otherRunner } = profileOf(aCluster());
    const files = [...Object.values(runners), otherRunner].map(({ args, configuration }) => [
      args,
      configuration?.file,
    ]);
    expect(files).toEqual(files.map(([, file]) => [[`-config=${configDirectory}/${file}`], file]));
    expect(admin.single.args?.filter((each) => each.includes(dataDirectory))).toHaveLength(2);
  });

  it.each([
    ['keyvalue', undefined, 'keyvalue-runner:latest', 'keyvalue'],
    ['carts', 'keyvalue', 'keyvalue-runner:latest', 'keyvalue'],
    ['claimcheck', undefined, 'claimcheck-runner:latest', 'generic'],
    ['constructor', undefined, 'constructor-runner:latest', 'generic'],
  ])('upstream has for the pattern %s of runner %s the image %s', (name, runner, image, layout) => {
    const { cluster, pattern } = somePattern({ name, ...(runner !== undefined && { runner }) });
    expect(runnerProfile(pattern, profileOf(cluster))).toMatchObject({ image, configuration: { layout } });
  });
});
