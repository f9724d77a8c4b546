import { expect, test } from 'vitest';
import { forbidden, seen, survey } from '../survey.fixture.ts';
import { checkPermissions } from './permissions.ts';

const operator = 'druid-operator';
const account = { namespace: 'ops', name: operator };
const fine = { operator, installer: seen<readonly string[]>([]), accounts: [seen({ ...account, denied: [] })] };
const five = ['get a', 'get b', 'get c', 'get d', 'get e'];

test.each([
  ['nobody lacks anything', fine, ['ok', 'ok'], 'may make everything'],
  ['the installer lacks rights', { ...fine, installer: seen(five) }, ['warning', 'ok'], 'get d and 1 more'],
  [
    'the account lacks rights',
    { ...fine, accounts: [seen({ ...account, denied: ['get x'] })] },
    ['ok', 'problem'],
    'may not get x',
  ],
  ['there is no account yet', { ...fine, accounts: [seen(undefined)] }, ['ok', 'ok'], 'does not exist yet'],
  ['nobody may ask about accounts', { ...fine, accounts: [forbidden] }, ['ok', 'warning'], 'could not be looked at'],
])('%s', (_, sight, levels, says) => {
  const found = checkPermissions(survey({ access: [sight] }));
  expect(found.map(({ level }) => level)).toEqual(levels);
  expect(found).toContainEqual(expect.objectContaining({ says: expect.stringContaining(says) }));
});
