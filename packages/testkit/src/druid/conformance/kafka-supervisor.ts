import type { Witness } from './witness.ts';

/** What differs from the smallest supervisor that is worth something. */
export interface SupervisorParts {
  readonly top?: object;
  readonly dataSchema?: object;
  readonly ioConfig?: object;
  readonly tuningConfig?: object;
}

/** A suspended supervisor that reads the topic of its name, with parts of it replaced. */
export function kafkaSupervisor(druid: Witness, dataSource: string, parts: SupervisorParts = {}): object {
  return {
    type: 'kafka',
    suspended: true,
    spec: {
      dataSchema: {
        dataSource,
        timestampSpec: { column: 'ts', format: 'auto' },
        dimensionsSpec: { dimensions: ['k'] },
        ...parts.dataSchema,
      },
      ioConfig: {
        topic: dataSource,
        inputFormat: { type: 'json' },
        consumerProperties: { 'bootstrap.servers': druid.druid.bootstrapServers },
        ...parts.ioConfig,
      },
      tuningConfig: { type: 'kafka', ...parts.tuningConfig },
    },
    ...parts.top,
  };
}
