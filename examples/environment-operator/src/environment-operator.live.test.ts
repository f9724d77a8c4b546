import { ConfigMap } from '@capstan/kube';
import { openWorld } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
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

  it('takes its ConfigMap along when it goes', async () => {
    await using world = await openWorld({ controllers: [environments] });
    await world.apply(Environment, staging);
    await world.untilCondition(Environment, 'staging', 'Ready');
    await world.delete(Environment, 'staging');
    await world.eventually(async () => expect(await world.get(ConfigMap, 'staging')).toBeUndefined());
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

  it('needs every permission it declares, and no other', async () => {
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
});
