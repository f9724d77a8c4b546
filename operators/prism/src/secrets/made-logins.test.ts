import { describe, expect, it } from 'vitest';
import { loginChangedAnnotation } from '../annotations.ts';
import { aSecret, type Backends, look, memory, type Situation } from './what-was-made.fixture.ts';

describe('a server that takes a login at its first start only', () => {
  const login = (password: string, version = '1') => aSecret('db', { username: 'app', password }, version);
  const backends: Backends = { postgres: { existingSecret: 'db' } };
  const madeWith = async (password: string) => (await look(backends, { secrets: [memory({}), login(password)] })).made;
  const findingOf = async (situation: Situation) => (await look(backends, situation)).findings.get('postgres');

  it('is used with what it was made with', async () => {
    const made = await madeWith('a first one');
    const more = aSecret('db', { username: 'app', password: 'a first one', more: 'x' });
    expect(await findingOf({ secrets: [memory(made), more] })).toMatchObject({ kind: 'Usable' });
  });

  it('is not used with another login, which is told without either one', async () => {
    const made = await madeWith('a first one');
    const found = await look(backends, { secrets: [memory(made), login('a second one', '81')] });
    expect(found.findings.get('postgres')).toEqual({
      ...{ kind: 'Unusable', reason: 'CredentialsChanged' },
      message: expect.stringMatching(
        /^Secret\/db has another login than postgres.*ALTER ROLE.*prismcluster orders prism\.io\/login-changed=postgres\.81$/,
      ),
    });
    expect(JSON.stringify([...found.findings])).not.toMatch(/a first one|a second one/);
    expect(found.made).toEqual(made);
  });

  it.each([
    ['postgres.81', 'Usable'],
    ['postgres.80', 'Unusable'],
    ['postgres', 'Unusable'],
  ])('is used with another one once its owner has said %s: %s', async (value, expected) => {
    const made = await madeWith('a first one');
    const annotations = { [loginChangedAnnotation]: value };
    const secrets = [memory(made), login('a second one', '81')];
    expect(await findingOf({ secrets, annotations })).toMatchObject({ kind: expected });
    const after = (await look(backends, { secrets, annotations })).made;
    const isRemembered = await findingOf({ secrets: [memory(after), login('a second one', '99')] });
    expect(isRemembered).toMatchObject({ kind: expected });
  });

  it('that is not there yet, or not any more, may begin with any', async () => {
    const made = await madeWith('a first one');
    const secrets = [memory(made), login('a second one')];
    expect(await findingOf({ secrets, isMade: false })).toMatchObject({ kind: 'Usable' });
  });

  it('is taken as it is where the key of the hash is a new one', async () => {
    const made = await madeWith('a first one');
    expect(await findingOf({ secrets: [memory(made, 'too short'), login('a second one')] })).toMatchObject({
      kind: 'Usable',
    });
  });

  it('is left alone where it runs elsewhere, and remembered', async () => {
    const made = await madeWith('a first one');
    const external = { endpoint: 'db.example:5432', secretRef: { name: 'db' } };
    const found = await look({ postgres: { external } }, { secrets: [memory(made), login('a second one')] });
    expect([found.findings.get('postgres')?.kind, found.made]).toEqual(['Usable', made]);
  });

  it('is a kafka too, for which there is no way but back', async () => {
    const [first, second] = ['A'.repeat(22), 'B'.repeat(22)].map((clusterId) => aSecret('id', { clusterId }, '5'));
    const kafka: Backends = { kafka: { existingSecret: 'id' } };
    const { made } = await look(kafka, { secrets: [memory({}), ...(first ? [first] : [])] });
    const annotations = { [loginChangedAnnotation]: 'kafka.5' };
    const secrets = [memory(made), ...(second ? [second] : [])];
    expect((await look(kafka, { secrets, annotations })).findings.get('kafka')).toMatchObject({
      reason: 'CredentialsChanged',
      message: expect.stringContaining('Put the former one back'),
    });
  });

  it('is no redis, which takes another password at each start', async () => {
    const cache = (password: string) => aSecret('cache', { password });
    const redis: Backends = { redis: { existingSecret: 'cache' } };
    const { made } = await look(redis, { secrets: [memory({}), cache('a first one')] });
    const { findings } = await look(redis, { secrets: [memory(made), cache('a second one')] });
    expect([made.redis?.login, findings.get('redis')?.kind]).toEqual([undefined, 'Usable']);
  });
});
