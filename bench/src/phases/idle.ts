import { systemClock } from '@capstan/kube';
import { megabytesOf, type Section } from '../measure.ts';
import { bareNodeRss } from '../operator-process.ts';
import { usageOf } from '../process-usage.ts';
import { countRequests } from '../requests.ts';
import { untilQuiet } from '../wait.ts';
import type { Scene } from './phase.ts';

const observedMs = 30_000;

/** Watches an operator that has no resources at all. */
export async function observeIdleOperator({ arena }: Scene): Promise<Section> {
  const { audit, user } = arena;
  const operator = await arena.startOperator();
  await untilQuiet(audit, user, audit.position(), 2_000);
  const position = audit.position();
  const before = await usageOf(operator.pid);
  await systemClock.sleep(observedMs);
  const counts = countRequests(arena.requestsSince(position));
  const after = await usageOf(operator.pid);
  const bare = await bareNodeRss();
  await arena.stopOperator();
  const seconds = before === undefined || after === undefined ? undefined : after.cpuSeconds - before.cpuSeconds;
  const cpu = seconds === undefined ? undefined : Math.round((seconds / observedMs) * 10_000_000) / 100;
  const above = after === undefined || bare === undefined ? undefined : after.rss - bare;
  const how = 'VmRSS of /proc/PID/status at the end; the program is bundled into one file';
  return {
    title: `No resources at all, ${observedMs / 1_000} s`,
    counts: counts.byVerb,
    measures: [
      {
        id: 'idle.requests',
        label: 'requests',
        value: counts.total + counts.events,
        unit: 'requests',
        how: 'audit log, all but watches',
      },
      { id: 'idle.cpu', label: 'operator CPU', value: cpu, unit: '%', how: 'of one core, /proc/PID/stat' },
      { id: 'idle.rss', label: 'operator memory', value: megabytesOf(after?.rss), unit: 'MB', how },
      {
        id: 'idle.rssAboveNode',
        label: 'operator memory above a bare Node',
        value: megabytesOf(above),
        unit: 'MB',
        how: 'less that of a Node process that does nothing, in this run',
      },
    ],
  };
}
