import { BrokerStandIns } from '@capstan/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askLeadership } from './ask-leadership.ts';
import { type AdminAnswer, type BrokerAddress, type BrokerAdmin, brokerAdmin } from './broker-admin.ts';
import { leadershipOf } from './leadership.ts';

let standIns: BrokerStandIns;
beforeAll(async () => {
  standIns = await BrokerStandIns.start();
});
afterAll(() => standIns[Symbol.asyncDispose]());

function brokersOf(cluster: string): readonly BrokerAddress[] {
  return [0, 1, 2].map((ordinal) => ({
    ...{ pod: `${cluster}-${ordinal}`, uid: `${ordinal}`, ip: '192.0.2.1', httpPort: 8081 },
    host: `${cluster}-${ordinal}.${cluster}-headless.shop.svc`,
  }));
}

/** Asks the stand-ins of one cluster; each test has one of its own. */
async function heardFrom(cluster: string, timeoutMs = 2_000) {
  const admin = brokerAdmin({ proxy: new URL(standIns.url), timeoutMs });
  const answers = await askLeadership(admin, brokersOf(cluster));
  return { answers: Object.fromEntries(answers), leadership: leadershipOf(3, answers) };
}

describe('asking every broker whether it leads', () => {
  it('finds the one that does', async () => {
    standIns.cluster('shop', 'fine').leaderIs(1);
    const { answers, leadership } = await heardFrom('fine');
    expect(leadership).toEqual({ kind: 'One', leader: 'fine-1' });
    expect(answers['fine-0']).toEqual({ kind: 'Follows' });
  });

  it('finds nobody, or two', async () => {
    standIns.cluster('shop', 'headless').hasNoLeader();
    standIns.cluster('shop', 'split').hasTwoLeaders(0, 2);
    expect([(await heardFrom('headless')).leadership, (await heardFrom('split')).leadership]).toEqual([
      { kind: 'None' },
      { kind: 'Several', leaders: ['split-0', 'split-2'] },
    ]);
  });

  it('takes what one does not say for silence, and hears the others', async () => {
    const cluster = standIns.cluster('shop', 'sick').leaderIs(0);
    cluster.pod(1).is('hanging');
    cluster.pod(2).is('panicking');
    const { answers, leadership } = await heardFrom('sick', 200);
    expect(answers).toEqual({
      'sick-0': { kind: 'Leads' },
      'sick-1': { kind: 'Silent', why: 'no answer within 200 ms' },
      'sick-2': { kind: 'Silent', why: 'socket hang up' },
    });
    expect(leadership).toMatchObject({ kind: 'Unknown', cause: 'Silent', leader: 'sick-0' });
  });
});

describe('an answer that is of no use', () => {
  const said = async (answer: AdminAnswer) => {
    const admin: BrokerAdmin = { ask: () => Promise.resolve(answer) };
    return [...(await askLeadership(admin, brokersOf('orders').slice(0, 1))).values()][0];
  };

  it('says why in one sentence', async () => {
    expect([
      await said({ status: 503, body: undefined }),
      await said({ status: 200, body: { controller: 1 } }),
    ]).toEqual([
      { kind: 'Silent', why: 'it answers /api/v1/cluster with status 503' },
      { kind: 'Silent', why: 'its answer to /api/v1/cluster has no controller_id' },
    ]);
  });

  it('never makes a leader of a broker, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (body) => {
        const isId = (id: unknown) => typeof id === 'number' && id !== 0;
        const leads = typeof body === 'object' && body !== null && 'controller_id' in body && isId(body.controller_id);
        expect((await said({ status: 200, body }))?.kind === 'Leads').toBe(leads);
      }),
    );
  });

  it('is also whatever is thrown', async () => {
    const admin: BrokerAdmin = { ask: () => Promise.reject('a word') };
    const answers = await askLeadership(admin, brokersOf('orders').slice(0, 1));
    expect([...answers.values()]).toEqual([{ kind: 'Silent', why: 'it could not be asked' }]);
  });
});
