import { runOperator } from '@capstan/runtime';
import operator from '../package.json' with { type: 'json' };
import { defaultLingerImage } from './children/linger-container.ts';
import { defaultAgentImage, streamBusController } from './controller.ts';
import { streamBusMetrics } from './metrics.ts';
import { streamBusRivals } from './rivals.ts';
import { streamBusUndone } from './undone.ts';

interface Flags {
  readonly lingerImage: string;
  readonly agentImage: string;
  readonly brokerProxy?: string;
}

await runOperator<Flags>({
  name: 'streambus-operator',
  description: operator.description,
  version: operator.version,
  flags: (command) =>
    command
      .option('--linger-image <image>', 'image of the container that outlives a broker', defaultLingerImage)
      .option(
        '--agent-image <image>',
        "image of the agent beside a broker's proxy: the operator's own",
        defaultAgentImage,
      )
      .option('--broker-proxy <url>', 'HTTP proxy that brokers are asked through, for an operator outside the cluster'),
  metrics: [streamBusMetrics],
  rivals: streamBusRivals,
  undone: streamBusUndone,
  controllers: ({ concurrency, lingerImage, agentImage, brokerProxy }) => {
    const operatorNamespace = process.env['POD_NAMESPACE'];
    return [
      streamBusController({
        ...{ concurrency, lingerImage, agentImage },
        ...(operatorNamespace !== undefined && { operatorNamespace }),
        ...(brokerProxy !== undefined && { brokerProxy: new URL(brokerProxy) }),
      }),
    ];
  },
});
