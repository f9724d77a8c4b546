import { runOperator } from '@capstan/runtime';
import operator from '../package.json' with { type: 'json' };
import { defaultLingerImage } from './children/linger-container.ts';
import { streamBusController } from './controller.ts';
import { streamBusMetrics } from './metrics.ts';

await runOperator<{ readonly lingerImage: string }>({
  name: 'streambus-operator',
  description: operator.description,
  version: operator.version,
  flags: (command) =>
    command.option('--linger-image <image>', 'image of the container that outlives a broker', defaultLingerImage),
  metrics: [streamBusMetrics],
  controllers: ({ concurrency, lingerImage }) => [streamBusController({ concurrency, lingerImage })],
});
