import { runOperator } from './run-operator.ts';

// A program without controllers: what is left is the process itself.
await runOperator<{ readonly failAfter?: string }>({
  name: 'bare-operator',
  description: 'Does nothing, in order.',
  version: '0.0.1',
  flags: (command) => command.option('--fail-after <ms>', 'reject a promise that nobody looks at'),
  controllers: ({ failAfter }) => {
    if (failAfter !== undefined)
      setTimeout(() => void Promise.reject(new Error('nobody looks at this')), Number(failAfter));
    return [];
  },
});
