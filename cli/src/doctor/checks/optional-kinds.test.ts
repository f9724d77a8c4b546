import { expect, test } from 'vitest';
import { everyInstallation, forbidden, seen, survey } from '../survey.fixture.ts';
import { checkOptionalKinds } from './optional-kinds.ts';

const keda = ['ScaledObject.keda.sh', 'TriggerAuthentication.keda.sh'];

test.each<[string, readonly string[], string, string]>([
  ['served', keda, 'ok', 'is there for patterns that scale by triggers (prism)'],
  [
    'served in part',
    keda.slice(0, 1),
    'note',
    'its TriggerAuthentication (keda.sh) is not served; needed for patterns',
  ],
  [
    'not served',
    [],
    'note',
    'its ScaledObject and TriggerAuthentication (keda.sh) are not served; needed for patterns',
  ],
])('kinds that are %s are told, with what needs them', (_, served, level, says) => {
  const found = checkOptionalKinds(survey({ served: seen(new Set(served)) }));
  expect(found.filter(({ where }) => where === 'KEDA')).toEqual([
    expect.objectContaining({ level, says: expect.stringContaining(says) }),
  ]);
});

test('an operator that uses none of them hears of none', () => {
  const installations = everyInstallation.filter(({ name }) => name === 'druid');
  expect(checkOptionalKinds(survey({ installations }))).toEqual([]);
});

test('what may not be asked could not be looked at', () => {
  expect(checkOptionalKinds(survey({ served: forbidden }))).toEqual([expect.objectContaining({ level: 'warning' })]);
});
