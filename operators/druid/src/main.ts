import { runOperator, seconds } from '@capstan/runtime';
import operator from '../package.json' with { type: 'json' };
import { ApiServerAddress } from './api-server-address.ts';
import { druidController } from './controller.ts';
import { druidClients } from './druid/druid-client.ts';
import { Figures } from './figures.ts';
import { druidMetrics } from './metrics.ts';
import { druidRivals } from './rivals.ts';
import { druidUndone } from './undone.ts';

interface Flags {
  readonly allowEndpoint: readonly string[];
  readonly allowAddress: readonly string[];
  readonly denyAddress: readonly string[];
  readonly allowInputSource: readonly string[];
  readonly allowLookup: readonly string[];
  readonly allowConsumerProperty: readonly string[];
  readonly allowJavascript: boolean;
  readonly pollSeconds: string;
}

const collect = (value: string, former: readonly string[]) => [...former, value];

const figures = new Figures();
const apiServer = new ApiServerAddress();

await runOperator<Flags>({
  name: 'druid-operator',
  description: operator.description,
  version: operator.version,
  flags: (command) =>
    command
      .option(
        '--allow-endpoint <host>',
        'host that spec.endpoint.url may name, such as *.druid.example; repeatable',
        collect,
        [],
      )
      .option(
        '--allow-address <range>',
        'address that is called although it is loopback or link-local; repeatable',
        collect,
        [],
      )
      .option(
        '--deny-address <range>',
        'address that is never called, such as those of the nodes; repeatable',
        collect,
        [],
      )
      .option(
        '--allow-input-source <type>',
        'input source that specs may use although it calls other hosts, such as http; repeatable',
        collect,
        [],
      )
      .option(
        '--allow-lookup <type>',
        'type of lookup that specs may use although it calls other hosts, such as jdbc; repeatable',
        collect,
        [],
      )
      .option(
        '--allow-consumer-property <name>',
        'Kafka consumer property that specs may set besides the harmless ones; repeatable',
        collect,
        [],
      )
      .option('--allow-javascript', 'let specs hold JavaScript', false)
      .option('--poll-seconds <seconds>', 'how often a settled ingestion is looked at', '30'),
  metrics: [druidMetrics(figures)],
  rivals: druidRivals,
  undone: druidUndone,
  beside: () => [apiServer.runnable],
  controllers: ({ concurrency, allowEndpoint, allowAddress, denyAddress, pollSeconds, ...allowed }) => [
    druidController({
      ...{ concurrency, figures, allowedEndpoints: allowEndpoint, pollMs: seconds(Number(pollSeconds)) },
      druid: druidClients({
        addresses: { allowed: allowAddress, denied: denyAddress, apiServer: () => apiServer.url },
      }),
      safety: {
        allowedInputSources: allowed.allowInputSource,
        allowedLookups: allowed.allowLookup,
        allowedConsumerProperties: allowed.allowConsumerProperty,
        allowsJavaScript: allowed.allowJavascript,
      },
    }),
  ],
});
