import { runOperator } from './run-operator.ts';

// A program without controllers that another operator may keep from work.
await runOperator({
  name: 'yielding-operator',
  description: 'Does nothing while another operator is at work, and nothing else.',
  version: '0.0.1',
  rivals: [{ lease: 'yielding-operator-lock', what: 'the former operator' }],
  controllers: () => [],
});
