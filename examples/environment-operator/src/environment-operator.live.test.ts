import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ConfigMap } from '@capstan/kube';
import { openWorld } from '@capstan/testkit';
import { describe, expect, inject, it } from 'vitest';
import { Environment, environments } from './environment-operator.ts';

const staging = { metadata: { name: 'staging' }, spec: { region: 'eu-north', settings: { LOG_LEVEL: 'debug' } } };

describe('an Environment', () => {
  it('becomes a ConfigMap with its spec, with one write for the ConfigMap and one for the status', async () => {
    await using world = await openWorld({ controllers: [environments] });
    await world.expectWrites({ 'patch configmaps': 1, 'patch environments/status': 1 }, () =>
      world.apply(Environment, staging),
    );
    await world.untilCondition(Environment, 'staging', 'Ready');
    const config = await world.get(ConfigMap, 'staging');
    expect(JSON.parse(config?.data?.['data'] ?? '')).toEqual(staging.spec);
    expect(config?.metadata.ownerReferences).toMatchObject([
      { kind: 'Environment', name: 'staging', controller: true },
    ]);
  });

  it('has its ConfigMap put right when somebody edits or deletes it', async () => {
    await using world = await openWorld({ controllers: [environments] });
    await world.apply(Environment, staging);
    await world.untilCondition(Environment, 'staging', 'Ready');
    await world.expectWrites({ 'patch configmaps': 1 }, () =>
      world.edit(ConfigMap, 'staging', { data: { data: 'nonsense' } }),
    );
    expect((await world.get(ConfigMap, 'staging'))?.data?.['data']).toContain('eu-north');
    await world.expectWrites({ 'patch configmaps': 1 }, () => world.delete(ConfigMap, 'staging'));
    expect(await world.get(ConfigMap, 'staging')).toBeDefined();
  });

  it('costs nothing while nothing changes, nor when the operator starts anew', async () => {
    await using world = await openWorld({ controllers: [environments] });
    await world.apply(Environment, staging);
    await world.untilCondition(Environment, 'staging', 'Ready');
    await world.expectWrites(0, () => world.restartOperator());
  });

  it('says why when its ConfigMap cannot be made, and goes on when it can', async () => {
    await using world = await openWorld({ controllers: [environments] });
    await world.apply(ConfigMap, { metadata: { name: 'staging' }, data: { theirs: 'x' } });
    await world.apply(Environment, staging);
    const stalled = await world.untilCondition(Environment, 'staging', 'Stalled');
    expect(stalled.message).toContain('ConfigMap/staging');
    await world.delete(ConfigMap, 'staging');
    await world.untilCondition(Environment, 'staging', 'Ready');
  });

  it('asks for nothing that its declaration does not permit', async () => {
    await using world = await openWorld({ controllers: [environments] });
    await world.apply(Environment, staging);
    await world.untilCondition(Environment, 'staging', 'Ready');
    await world.edit(Environment, 'staging', { spec: { settings: { LOG_LEVEL: 'info' } } });
    await world.eventually(async () =>
      expect((await world.get(ConfigMap, 'staging'))?.data?.['data']).toContain('info'),
    );
    expect((await world.permissions()).forbidden).toEqual([]);
  });

  it('is refused by the API server where its schema says so', async () => {
    await using world = await openWorld({ controllers: [environments] });
    const homeless = { ...staging, spec: { ...staging.spec, region: '' } };
    await expect(world.apply(Environment, homeless)).rejects.toThrow('spec.region');
  });

  it('is driven by the program as it ships, which ends in order when it is told to stop', async () => {
    const program = { main: fileURLToPath(new URL('main.ts', import.meta.url)) };
    await using world = await openWorld({ controllers: [environments], program });
    await world.apply(Environment, staging);
    await world.untilCondition(Environment, 'staging', 'Ready');
    await world.stopOperator();
  });

  it('is shown at work by one command', { timeout: 120_000 }, async () => {
    const show = fileURLToPath(new URL('show.ts', import.meta.url));
    const env = { ...process.env, KUBEBUILDER_ASSETS: dirname(inject('kubectl')) };
    const { stdout } = await promisify(execFile)(process.execPath, [show, '--exit'], { env });
    expect(stdout).toContain('ConfigMap/staging was put right within');
    expect(stdout).toContain('Environment/staging is Ready: Everything is as the spec says.');
  });
});
