import { type Measure, megabytesOf, perCluster, type Section, secondsOf } from '../measure.ts';
import { forEachAtOnce } from '../pool.ts';
import { type ProcessUsage, usageOf } from '../process-usage.ts';
import { countRequests, type RequestCounts } from '../requests.ts';
import { untilNone, untilQuiet } from '../wait.ts';
import type { Scene } from './phase.ts';

/** Requests of ours under way at once while clusters are made; enough to keep the API server busy. */
const creationsAtOnce = 16;
/** Longer than the five seconds that a status write of counters alone may wait. */
const restMs = 6_000;

/** When something was, in `performance.now` milliseconds. */
interface Times {
  readonly began: number;
  readonly accepted: number;
}

/** Makes all clusters at once, and sees until when they run and what that cost. */
export async function createClusters(scene: Scene): Promise<Section> {
  const { arena, names } = scene;
  const { subject, timeline, audit, user } = arena;
  const operator = await arena.startOperator();
  await untilQuiet(audit, user, audit.position(), 1_000);
  const before = await usageOf(operator.pid);
  const position = audit.position();
  const times = await create(scene);
  await untilNone('clusters that do not run', () => names.length - timeline.running());
  const counts = countRequests(await untilQuiet(audit, user, position, restMs));
  const after = await usageOf(operator.pid);
  return {
    title: `${names.length} ${subject.clusters}, made at once`,
    counts: counts.byVerb,
    countsAmong: names.length,
    measures: [...timesTaken(scene, times), ...requestsMade(scene, counts), ...used(before, after)],
  };
}

async function create({ arena: { client, subject, draft }, names }: Scene): Promise<Times> {
  const began = performance.now();
  await forEachAtOnce(names, creationsAtOnce, (name) => client.create(subject.kind, draft(name)));
  return { began, accepted: performance.now() };
}

function timesTaken({ arena: { timeline } }: Scene, { began, accepted }: Times): readonly Measure[] {
  const fromStart = 'from the first request that makes a cluster, seen by a watch';
  return [
    {
      id: 'create.accepted',
      label: 'all clusters accepted by the API server',
      value: secondsOf(accepted - began),
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
  ];
}

function requestsMade({ arena: { timeline }, names }: Scene, counts: RequestCounts): readonly Measure[] {
  return [
    {
      id: 'create.childrenPerCluster',
      label: 'children per cluster',
      value: perCluster(timeline.owned().length + timeline.retained().length, names.length),
      unit: 'children',
      how: 'objects with a controller reference, and those that outlive their cluster',
    },
    {
      id: 'create.requestsPerCluster',
      label: 'requests per cluster',
      value: perCluster(counts.total, names.length),
      unit: 'requests',
      how: 'audit log; events and watches apart',
    },
    {
      id: 'create.statusWritesPerCluster',
      label: 'of these, writes of the status',
      value: perCluster(counts.statusWrites, names.length),
      unit: 'writes',
      how: 'audit log',
    },
    {
      id: 'create.eventsPerCluster',
      label: 'event requests per cluster',
      value: perCluster(counts.events, names.length),
      unit: 'requests',
      how: 'audit log; events.k8s.io',
    },
  ];
}

function used(before: ProcessUsage | undefined, after: ProcessUsage | undefined): readonly Measure[] {
  const cpu = before === undefined || after === undefined ? undefined : after.cpuSeconds - before.cpuSeconds;
  return [
    {
      id: 'create.cpu',
      label: 'operator CPU',
      value: cpu === undefined ? undefined : secondsOf(cpu * 1_000),
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
  ];
}
