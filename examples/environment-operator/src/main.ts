import { runOperator } from '@capstan/runtime';
import { environments } from './environment-operator.ts';

await runOperator({
  name: 'environment-operator',
  description: 'Keeps the settings of environments in ConfigMaps.',
  version: '0.1.0',
  controllers: () => [environments],
});
