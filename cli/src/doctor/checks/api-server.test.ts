import { expect, test } from 'vitest';
import { forbidden, seen } from '../survey.fixture.ts';
import { checkApiServer } from './api-server.ts';

test.each([
  ['v1.28.9', 'problem'],
  ['v1.29.0', 'note'],
  ['v1.30.4-gke.100', 'ok'],
  ['v1.36.3', 'ok'],
  ['v1.99.0', 'note'],
  ['', 'warning'],
  ['devel', 'warning'],
])('an API server of version "%s" is a finding of level %s', (version, level) => {
  expect(checkApiServer({ version: seen(version) })).toEqual([expect.objectContaining({ level })]);
});

test('a version that may not be read could not be looked at', () => {
  expect(checkApiServer({ version: forbidden })).toEqual([
    expect.objectContaining({ level: 'warning', says: 'could not be looked at: User "ann" cannot do that' }),
  ]);
});
