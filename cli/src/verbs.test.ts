import { expect, test } from 'vitest';
import { verbs } from './verbs.ts';

test.each(verbs)(
  '$name says the same of itself in the help of capstan and in its own',
  async ({ name, description, load }) => {
    const command = await load();
    expect([command.name(), command.description()]).toEqual([name, expect.stringContaining(description)]);
  },
);
