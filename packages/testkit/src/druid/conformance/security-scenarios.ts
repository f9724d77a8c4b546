import type { DruidPermission } from '../druid-users.ts';
import { kafkaSupervisor } from './kafka-supervisor.ts';
import { at, type Scenario } from './scenario.ts';
import type { Witness } from './witness.ts';

const SUPERVISORS = '/druid/indexer/v1/supervisor';

function on(name: string): readonly DruidPermission[] {
  return (['READ', 'WRITE'] as const).map((action) => ({ resource: { type: 'DATASOURCE', name }, action }));
}

async function add(druid: Witness, user: string, permissions: readonly DruidPermission[]): Promise<void> {
  if (druid.druid.users === undefined) throw new Error('this scenario needs a Druid with users');
  await druid.druid.users.add(user, `password of ${user}`, permissions);
}

function login(user: string): { readonly user: string; readonly password: string } {
  return { user, password: `password of ${user}` };
}

/** Credentials and permissions of a Druid with basic security. */
export const securityScenarios: readonly Scenario[] = [
  {
    title: 'without credentials and with wrong ones the answer is 401, but for health and leadership',
    run: async (druid) => {
      await add(druid, 'known', []);
      const unauthenticated = (body: unknown): unknown => at(body, 'error');
      druid.as(undefined);
      await druid.get(SUPERVISORS, { read: unauthenticated });
      await druid.get('/status', { read: unauthenticated });
      await druid.get(SUPERVISORS, { headers: { authorization: 'Bearer token' }, read: unauthenticated });
      await druid.get('/status/health');
      await druid.as({ user: 'known', password: 'wrong' }).get(SUPERVISORS);
      await druid.as({ user: 'nobody', password: 'wrong' }).get(SUPERVISORS);
    },
  },
  {
    title: 'a user without permission sees an empty list, 403 for what exists and 404 for what does not',
    run: async (druid) => {
      const admin = druid.druid.target.login;
      await add(druid, 'idle', []);
      await druid.as(admin).post(SUPERVISORS, kafkaSupervisor(druid, 'guarded'));
      druid.as(login('idle'));
      await druid.get(SUPERVISORS);
      await druid.get(`${SUPERVISORS}/guarded`);
      await druid.get(`${SUPERVISORS}/nobody`);
      await druid.post(`${SUPERVISORS}/guarded/suspend`);
      await druid.post(SUPERVISORS, kafkaSupervisor(druid, 'guarded'));
      await druid.post('/druid/indexer/v1/task', { type: 'noop', id: 'n1', dataSource: 'guarded' });
      await druid.post('/druid/coordinator/v1/rules/guarded', []);
      await druid.as(admin).post(`${SUPERVISORS}/guarded/terminate`);
    },
  },
  {
    title: 'a permission on a data source covers supervisors, tasks and rules, not compaction, lookups and status',
    run: async (druid) => {
      await add(druid, 'ingest', on('own'));
      druid.as(login('ingest'));
      await druid.post(SUPERVISORS, kafkaSupervisor(druid, 'own'));
      await druid.get(SUPERVISORS);
      await druid.get(`${SUPERVISORS}/own/health`);
      await druid.post(SUPERVISORS, kafkaSupervisor(druid, 'other'));
      await druid.post('/druid/coordinator/v1/rules/own', []);
      await druid.post('/druid/coordinator/v1/rules/other', []);
      await druid.post('/druid/coordinator/v1/config/compaction', { dataSource: 'own' });
      await druid.get('/druid/coordinator/v1/config/compaction/own');
      await druid.post('/druid/coordinator/v1/lookups/config', {});
      await druid.get('/druid/coordinator/v1/config');
      await druid.get('/druid/indexer/v1/leader');
      await druid.post(`${SUPERVISORS}/own/terminate`);
    },
  },
  {
    title: 'after a password was changed the new one is let in and the old one is not',
    run: async (druid) => {
      await add(druid, 'rotated', on('rotated'));
      await druid.as(login('rotated')).get(SUPERVISORS);
      await druid.druid.users?.setPassword('rotated', 'another');
      await druid.get(SUPERVISORS);
      await druid.as({ user: 'rotated', password: 'another' }).get(SUPERVISORS);
    },
  },
];
