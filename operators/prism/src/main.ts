import { runOperator } from '@capstan/runtime';
import operator from '../package.json' with { type: 'json' };
import { prismController } from './controller.ts';
import { Figures } from './figures.ts';
import { prismMetrics } from './metrics.ts';
import { federationController } from './prism-federation/controller.ts';
import { namespaceController } from './prism-namespace/controller.ts';
import { patternController } from './prism-pattern/controller.ts';
import { prismRivals } from './rivals.ts';
import { prismUndone } from './undone.ts';
import { prismWebhooks } from './webhooks.ts';

const figures = new Figures();

await runOperator({
  name: 'prism-operator',
  description: operator.description,
  version: operator.version,
  metrics: [prismMetrics(figures)],
  rivals: prismRivals,
  undone: prismUndone,
  webhooks: prismWebhooks,
  controllers: ({ concurrency }) => {
    const operatorNamespace = process.env['POD_NAMESPACE'];
    return [
      prismController({ concurrency, figures, ...(operatorNamespace !== undefined && { operatorNamespace }) }),
      patternController({ concurrency }),
      namespaceController({ concurrency }),
      federationController({ concurrency }),
    ];
  },
});
