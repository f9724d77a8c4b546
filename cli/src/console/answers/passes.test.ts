import { type Connection, createClient } from '@capstan/kube';
import type { ObjectHistory } from '@capstan/runtime';
import { FakeClock } from '@capstan/testkit';
import { expect, test } from 'vitest';
import { UserError } from '../../failure.ts';
import { operatorPasses, passesOfNobody } from './passes.ts';

const connection: Connection = {
  ...{ server: 'https://127.0.0.1:1', certificateAuthority: async () => undefined, insecureSkipTlsVerify: false },
  ...{ namespace: 'default', credentials: { current: async () => ({ headers: {} }), renew: async () => false } },
};
const client = createClient(connection);
const wanted = { kind: 'Shop', namespace: 'n', name: 'a' };
const none: ObjectHistory = { object: { kind: 'Shop.shop.dev', namespace: 'n', name: 'a' }, passes: [] };

function reader(ask: () => Promise<ObjectHistory>) {
  const clock = new FakeClock();
  let count = 0;
  const counted = () => {
    count += 1;
    return ask();
  };
  const read = operatorPasses({ client, connection, clock, place: {}, ask: counted });
  return { clock, read: () => read(wanted), asked: () => count };
}

test('an operator is asked once in five seconds, however many look', async () => {
  const { clock, read, asked } = reader(async () => none);
  expect(await Promise.all([read(), read()])).toEqual([{ passes: [] }, { passes: [] }]);
  await read();
  expect(asked()).toBe(1);
  await clock.advance(5_001);
  await read();
  expect(asked()).toBe(2);
});

test('an operator that is slow is not waited for, and its answer is there the next time', async () => {
  const answer = Promise.withResolvers<ObjectHistory>();
  const { clock, read, asked } = reader(() => answer.promise);
  const first = read();
  await clock.advance(2_000);
  expect(await first).toEqual({
    passes: [],
    passesUnavailable: 'the operator has been asked and has not answered yet',
  });
  answer.resolve(none);
  await clock.advance(0);
  expect(await read()).toEqual({ passes: [] });
  expect(asked()).toBe(1);
});

test('why there are no passes is one line, whoever answered', async () => {
  const refused = reader(async () => Promise.reject(new UserError('nobody\n         leads')));
  expect(await refused.read()).toEqual({ passes: [], passesUnavailable: 'nobody leads' });
  // What somebody else may answer in the name of the operator.
  const wrong = reader(async () => ({ passes: 'many' }) as unknown as ObjectHistory);
  expect(await wrong.read()).toMatchObject({
    passes: [],
    passesUnavailable: expect.stringContaining('did not answer with passes'),
  });
});

test('for a visitor with a token nobody is asked', async () => {
  expect(await passesOfNobody(wanted)).toEqual({
    passes: [],
    passesUnavailable: 'with a token of yours the console asks nobody but the API server: capstan explain shop/a -n n',
  });
});
