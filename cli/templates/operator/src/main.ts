import { runOperator } from '@capstan/runtime';
import { sampleAppController } from './controller.ts';

await runOperator({
  name: 'sample-app-operator',
  description: 'Runs sample apps on Kubernetes.',
  version: '0.1.0',
  controllers: ({ concurrency }) => [sampleAppController({ concurrency })],
});
