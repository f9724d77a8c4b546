import { fileURLToPath } from 'node:url';
import { Lease } from '@capstan/kube';
import { leaseElectionRules } from '@capstan/runtime';
import { expect, it } from 'vitest';
import { openBusWorld } from '../streambus/open-bus-world.ts';

const main = fileURLToPath(new URL('../../../operators/streambus/src/main.ts', import.meta.url));
const name = 'streambus-operator';

it('an operator that takes part in an election uses every permission it has on its Lease', async () => {
  const permissions = leaseElectionRules(name);
  const program = { main, flags: ['--leader-elect', '--ignore-rivals'] };
  await using world = await openBusWorld({ program, permissions, faults: true, name: 'election' });
  const holder = async () => (await world.get(Lease, name))?.spec?.holderIdentity;
  // It makes the Lease, and gives it back.
  await world.eventually(async () => expect(await holder()).toBeTruthy());
  await world.stopOperator();
  expect(await holder()).toBeFalsy();
  // It waits for somebody else, also where the Lease cannot be streamed, and takes it when it is free.
  const renewTime = new Date().toISOString().replace('Z', '000Z');
  await world.edit(Lease, name, { spec: { holderIdentity: 'somebody', leaseDurationSeconds: 3_600, renewTime } });
  world.faults.inject({ on: { verb: 'watch', resource: 'leases' }, fault: { do: 'answer', status: 422 } });
  await world.startOperator();
  await world.edit(Lease, name, { spec: { holderIdentity: '' } });
  await world.eventually(async () => expect(await holder()).not.toBe('somebody'));
  await world.eventually(async () => expect(await holder()).toBeTruthy());
  const { unused, forbidden } = await world.permissions();
  expect([unused.filter((permission) => permission.includes('leases')), forbidden]).toEqual([[], []]);
}, 60_000);
