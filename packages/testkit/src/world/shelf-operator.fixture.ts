/** The operator of shelves as a program, for worlds that run one. */
import { runOperator } from '@capstan/runtime';
import { shelves } from './shelf.fixture.ts';

await runOperator({
  name: 'shelf-operator',
  description: 'Keeps shelves.',
  version: '0.1.0',
  controllers: () => [shelves],
});
