import { expect, test } from 'vitest';
import { findJava, javaMajor } from './java.ts';

test.each([
  ['openjdk 17.0.15 2025-04-15\nOpenJDK Runtime Environment', 17],
  ['java 21 2023-09-19 LTS', 21],
  ['openjdk 25-ea 2025-09-16', 25],
])('the major version is read from "%s"', (text, major) => {
  expect(javaMajor(text)).toBe(major);
});

test('text without a version is no Java', () => {
  expect(javaMajor('command not found')).toBeUndefined();
});

test('a JAVA_HOME without a Java is no Java, even when another is on the PATH', async () => {
  expect(await findJava({ ...process.env, JAVA_HOME: '/nowhere' })).toBeUndefined();
});
