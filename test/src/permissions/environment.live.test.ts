import { Environment, environments } from '@capstan/environment-operator';
import { ConfigMap } from '@capstan/kube';
import { openWorld } from '@capstan/testkit';
import { expect, it } from 'vitest';
import { useEveryPermission } from './use-every-permission.ts';

it('the Environment operator uses every permission it has, and asks for nothing else', async () => {
  await using world = await openWorld({ controllers: [environments], faults: true, name: 'permissions' });
  await world.apply(Environment, { metadata: { name: 'staging' }, spec: { region: 'eu-north', settings: {} } });
  await world.untilCondition(Environment, 'staging', 'Ready');
  const edit = { data: { data: 'torn' } };
  const former = { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } };
  const children = [{ type: ConfigMap, name: 'staging', edit, former }];
  const fieldManager = 'environment-operator';
  await useEveryPermission(world, { type: Environment, name: 'staging', children, fieldManager });
  // What OpenShift's OwnerReferencesPermissionEnforcement asks for shows in no request.
  const neverSent = ['update environments.example.capstan.dev/finalizers'];
  expect(await world.permissions()).toEqual({ unused: neverSent, forbidden: [] });
}, 120_000);

it('a permission that an operator does not have shows as forbidden, and one that it does not need as unused', async () => {
  const needless = [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['delete'] }];
  const greedy = { ...environments, owns: [] };
  await using world = await openWorld({ controllers: [environments], permissions: needless });
  expect((await world.permissions()).unused).toContain('delete deployments.apps');
  await expect(openWorld({ controllers: [greedy] })).rejects.toThrow(/caches are not filled.*configmaps is forbidden/s);
}, 90_000);
