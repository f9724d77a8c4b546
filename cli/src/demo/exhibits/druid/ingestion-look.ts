import type { DruidIngestion } from '@capstan/druid-operator';
import { counted, type Look } from '../../table.ts';
import type { SupervisorReading } from './supervisor-reading.ts';

/** An ingestion, as its operator and as Druid itself tell of it: the state is the operator's word, the figures are Druid's. */
export function lookAt(ingestion: DruidIngestion | undefined, reading: SupervisorReading | undefined): Look {
  const { offsets } = reading ?? {};
  return {
    state: ingestion?.status?.state ?? '',
    figures: [figure(offsets?.lag), figure(offsets?.read)],
    inWords: describeReading(reading),
  };
}

/** `1 task, lag 200, 400 read`; without the offsets while Druid does not know them. */
export function describeReading(reading: SupervisorReading | undefined): string {
  if (reading === undefined) return 'no supervisor';
  const { tasks, offsets } = reading;
  const known = offsets === undefined ? ['lag not known yet'] : [`lag ${offsets.lag}`, `${offsets.read} read`];
  return [counted(tasks, 'task', 'tasks'), ...known].join(', ');
}

function figure(value: number | undefined): string {
  return value === undefined ? '-' : String(value);
}
