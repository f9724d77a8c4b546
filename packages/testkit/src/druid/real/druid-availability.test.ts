import { expect, test } from 'vitest';
import { druidAvailability } from './druid-availability.ts';

test('a machine without Java is told which Java to install', async () => {
  expect(await druidAvailability({ PATH: '/nowhere' })).toEqual({
    kind: 'Missing',
    why: 'a real Druid cannot be started here: no Java found: install Java 17, or set JAVA_HOME',
  });
});
