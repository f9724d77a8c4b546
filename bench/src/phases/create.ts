import { StreamBusCluster } from '@capstan/streambus-operator';
import { type Arena, smallCluster } from '../arena.ts';
import { megabytesOf, type Section, secondsOf } from '../measure.ts';
import { forEachAtOnce } from '../pool.ts';
import { usageOf } from '../process-usage.ts';
import { countRequests } from '../requests.ts';
import { until, untilQuiet } from '../wait.ts';

/** Requests of ours under way at once while clusters are made; enough to keep the API server busy. */
const creationsAtOnce = 16;
/** Longer than the five seconds that a status write of counters alone may wait. */
const restMs = 6_000;

/** Makes all clusters at once, and sees until when they run and what that cost. */
export async function createClusters({
  arena,
  names,
}: {
  readonly arena: Arena;
  readonly names: readonly string[];
}): Promise<Section> {
  const { client, timeline, audit, user } = arena;
  const operator = await arena.startOperator();
  await untilQuiet(audit, user, audit.position(), 1_000);
  const before = await usageOf(operator.pid);
  const position = audit.position();
  const began = performance.now();
  await forEachAtOnce(names, creationsAtOnce, (name) => client.create(StreamBusCluster, smallCluster(name)));
  const createdMs = performance.now() - began;
  await until('all clusters Running', () => timeline.running() === names.length);
  const counts = countRequests(await untilQuiet(audit, user, position, restMs));
  const after = await usageOf(operator.pid);
  const cpu = before === undefined || after === undefined ? undefined : after.cpuSeconds - before.cpuSeconds;
  const children = timeline.children().length;
  const fromStart = 'from the first request that makes a cluster, seen by a watch';
  return {
    title: `${names.length} clusters of one broker, made at once`,
    counts: counts.byVerb,
    measures: [
      {
        id: 'create.accepted',
        label: 'all clusters accepted by the API server',
        value: secondsOf(createdMs),
        unit: 's',
        how: `${creationsAtOnce} requests at once`,
      },
      {
        id: 'create.allChildren',
        label: 'all children exist',
        value: secondsOf(timeline.lastChildAt() - began),
        unit: 's',
        how: fromStart,
      },
      {
        id: 'create.allRunning',
        label: 'all clusters Running',
        value: secondsOf(timeline.lastRunningAt() - began),
        unit: 's',
        how: `${fromStart} of status.phase`,
      },
      {
        id: 'create.childrenPerCluster',
        label: 'children per cluster',
        value: children / names.length,
        unit: 'children',
        how: 'objects with a controller reference',
      },
      {
        id: 'create.requestsPerCluster',
        label: 'requests per cluster',
        value: round(counts.total / names.length),
        unit: 'requests',
        how: 'audit log; events and watches apart',
      },
      {
        id: 'create.eventsPerCluster',
        label: 'event requests per cluster',
        value: round(counts.events / names.length),
        unit: 'requests',
        how: 'audit log; events.k8s.io',
      },
      {
        id: 'create.cpu',
        label: 'operator CPU',
        value: cpu === undefined ? undefined : round(cpu),
        unit: 's',
        how: 'user and system time of the process, /proc/PID/stat',
      },
      {
        id: 'create.peakRss',
        label: 'operator memory, peak',
        value: megabytesOf(after?.peakRss),
        unit: 'MB',
        how: 'VmHWM of /proc/PID/status',
      },
    ],
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
