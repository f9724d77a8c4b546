import { fileURLToPath } from 'node:url';
import { DruidIngestion, druidRivals } from '@capstan/druid-operator';
import { type Clock, ClusterRole, ConfigMap, Secret, Service, systemClock } from '@capstan/kube';
import { rivalRules, seconds } from '@capstan/runtime';
import { AuditLog, comparePermissions, readManifests, type World } from '@capstan/testkit';
import { expect, inject, it } from 'vitest';
import { DruidCluster } from '../druid/druid-cluster.fixture.ts';
import { bringUp, kafkaIngestion, kafkaSpec, openDruidWorld } from '../druid/open-druid-world.ts';
import { type TornChild, useEveryPermission } from './use-every-permission.ts';

const manifest = fileURLToPath(new URL('../../../deploy/druid-operator.yaml', import.meta.url));

/** Asked by OpenShift's OwnerReferencesPermissionEnforcement of everybody who makes owned objects; no request shows it. */
const neverSent = ['update druidingestions.druid.apache.org/finalizers'];

/** Asked by the operator's program, which does not run here. */
const ofProgram = comparePermissions(rivalRules(druidRivals), []).unused;

const lastGoodSpec: TornChild = {
  type: ConfigMap,
  name: 'clicks-last-good-spec',
  edit: { data: { torn: 'yes' }, metadata: { annotations: { 'druid.apache.org/object-hash': 'torn' } } },
  former: { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } },
};

/** An ingestion that names a Secret and a ConfigMap. */
async function bringUpClicks(world: World): Promise<void> {
  await world.apply(Secret, {
    metadata: { name: 'users' },
    stringData: { OperatorUserName: 'a', OperatorPassword: 'b' },
  });
  await world.apply(ConfigMap, { metadata: { name: 'specs' }, data: { clicks: kafkaSpec('clicks') } });
  const specFrom = { configMapKeyRef: { name: 'specs', key: 'clicks' } };
  const auth = { type: 'basic-auth', secretRef: { name: 'users' } };
  await bringUp(world, kafkaIngestion('clicks', { ingestion: { type: 'kafka', specFrom }, auth }));
}

it('the Druid operator uses every permission it is shipped with, and asks for nothing else', async () => {
  const ahead = { ms: 0 };
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead.ms };
  const audit = new AuditLog(inject('auditLog'));
  const start = audit.position();
  const operator = { deletionDeadlineMs: seconds(1) };
  await using opened = await openDruidWorld({
    name: 'permissions',
    kinds: [DruidCluster],
    faults: true,
    clock,
    operator,
  });
  const { world } = opened;
  await bringUpClicks(world);
  const scenario = { type: DruidIngestion, name: 'clicks', children: [lastGoodSpec], fieldManager: 'druid-operator' };
  await useEveryPermission(world, { ...scenario, watched: ['secrets', 'services'] });
  // Whether the namespace goes too is asked when a deletion is late, and whether its cluster is there after 30 s.
  await world.delete(Service, 'tiny-router');
  await world.delete(DruidIngestion, 'clicks');
  await world.untilCondition(DruidIngestion, 'clicks', 'DeletionBlocked');
  ahead.ms = seconds(30);
  await world.eventually(async () => expect(await world.get(DruidIngestion, 'clicks')).toBeUndefined(), {
    timeout: 25_000,
  });
  expect(await world.permissions()).toEqual({ unused: neverSent, forbidden: [] });
  const shipped = (await readManifests(manifest)).filter(isClusterRole).flatMap(({ rules = [] }) => rules);
  const used = audit.since(start, { user: world.operatorUser });
  expect(comparePermissions(shipped, used)).toEqual({ unused: [...neverSent, ...ofProgram].sort(), forbidden: [] });
}, 120_000);

function isClusterRole(object: { readonly kind: string }): object is ClusterRole {
  return object.kind === ClusterRole.kind;
}
