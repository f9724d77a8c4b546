import { systemClock } from '@capstan/kube';
import { megabytesOf, type Section } from '../measure.ts';
import { bareNodeRss } from '../operator-process.ts';
import { usageOf } from '../process-usage.ts';
import { countRequests } from '../requests.ts';
import type { Scene } from './phase.ts';

const observedMs = 60_000;

/** Watches a settled system do nothing. */
export async function observeSteadyState({ arena }: Scene): Promise<Section> {
  const { audit, operator } = arena;
  const position = audit.position();
  const before = await usageOf(operator.pid);
  await systemClock.sleep(observedMs);
  const counts = countRequests(arena.requestsSince(position));
  const after = await usageOf(operator.pid);
  const bare = await bareNodeRss();
  const cpu =
    before === undefined || after === undefined
      ? undefined
      : ((after.cpuSeconds - before.cpuSeconds) / observedMs) * 100_000;
  const above = after === undefined || bare === undefined ? undefined : after.rss - bare;
  return {
    title: `Settled, ${observedMs / 1_000} s`,
    counts: counts.byVerb,
    measures: [
      {
        id: 'steady.requests',
        label: 'requests',
        value: counts.total + counts.events,
        unit: 'requests',
        how: 'audit log, all but watches',
      },
      {
        id: 'steady.cpu',
        label: 'operator CPU',
        value: cpu === undefined ? undefined : Math.round(cpu * 100) / 100,
        unit: '%',
        how: 'of one core, /proc/PID/stat',
      },
      {
        id: 'steady.rss',
        label: 'operator memory',
        value: megabytesOf(after?.rss),
        unit: 'MB',
        how: 'VmRSS of /proc/PID/status at the end; the program is bundled into one file',
      },
      {
        id: 'steady.bareNodeRss',
        label: 'a Node process that does nothing',
        value: megabytesOf(bare),
        unit: 'MB',
        how: 'VmRSS two seconds after its start, in this run',
      },
      {
        id: 'steady.rssAboveNode',
        label: 'operator memory above that',
        value: megabytesOf(above),
        unit: 'MB',
        how: 'the difference',
      },
    ],
  };
}
