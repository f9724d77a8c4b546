import type { KubeObject, StatefulSet } from '@capstan/kube';
import { helmReleaseOf } from '@capstan/runtime';
import { isAway } from '../at-work.ts';
import type { Observation } from '../finding.ts';
import { objectName } from '../installation.ts';
import { notWhole, whenSeen } from '../read.ts';
import type { KnownFinalizers, ResourcesSight } from '../seen-resources.ts';
import type { Survey } from '../survey.ts';

/** Longer than any operator takes to clean up where nothing is wrong. */
const stuckMs = 5 * 60_000;
/** Fields told of one object, at most. */
const maxTold = 3;
/** Of Kubernetes' own garbage collector. */
const collectors: ReadonlySet<string> = new Set(['foregroundDeletion', 'orphan']);

type Input = Pick<Survey, 'resources' | 'statefulSets' | 'deployments' | 'now' | 'leases' | 'installations'>;

/** Whether the live custom resources are such as ours take, can be deleted, and have what they are made of to themselves. */
export function checkResources(survey: Input): readonly Observation[] {
  return survey.resources.flatMap((sight) => {
    const where = `${sight.kind.plural}.${sight.kind.group}`;
    return whenSeen(sight.objects, where, (excerpt) => {
      const found = excerpt.items.flatMap((object) => ofObject(object, sight, survey));
      const says =
        excerpt.items.length === 0 ? 'there are none' : `${excerpt.items.length} looked at, none has trouble`;
      return found.length === 0 && excerpt.isWhole
        ? [{ level: 'ok', where, says }]
        : [...found, ...notWhole(where, excerpt)];
    });
  });
}

function ofObject(object: KubeObject, sight: ResourcesSight, survey: Input): readonly Observation[] {
  const { kind, finalizers } = sight;
  const where = objectName(object);
  const seen = [
    ...refused(object, kind),
    ...dropped(object, kind),
    ...held(object, finalizers),
    ...(isAbandoned(object, sight, survey) ? [] : stuck(object, survey.now)),
    ...foreignChildren(object, kind.group, survey),
  ];
  return seen.map((each) => ({ ...each, where }));
}

type Seen = Omit<Observation, 'where'>;

function refused(object: KubeObject, kind: ResourcesSight['kind']): readonly Seen[] {
  // The status is ours to write, whatever somebody else left in it.
  const violations = kind.validate(object).filter(({ path }) => !isOfStatus(path));
  if (violations.length === 0) return [];
  const texts = violations.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const says = `our definition refuses it: ${told(texts, '; ')}`;
  return [{ level: 'problem', says, remedy: editCommand(object) }];
}

function dropped(object: KubeObject, kind: ResourcesSight['kind']): readonly Seen[] {
  const unknown = kind.unknownFields(object).filter((path) => !isOfStatus(path));
  if (unknown.length === 0) return [];
  const says = `has fields that ours does not know and that get lost: ${told(unknown, ', ')}`;
  return [{ level: 'warning', says, remedy: editCommand(object) }];
}

function isOfStatus(path: string): boolean {
  return path === 'status' || path.startsWith('status.');
}

function held({ metadata }: KubeObject, { own, former }: KnownFinalizers): readonly Seen[] {
  const all = metadata.finalizers ?? [];
  const ofFormer = all.filter((name) => former.includes(name));
  const foreign = all.filter((name) => ![...own, ...former].includes(name) && !collectors.has(name));
  return [
    ...(ofFormer.length === 0
      ? []
      : [{ level: 'note', says: `has ${ofFormer.join(', ')} of an earlier operator, which ours takes off` } as const]),
    ...(foreign.length === 0
      ? []
      : [
          {
            level: 'warning',
            says: `has ${foreign.join(', ')}, which ours does not take off: without whoever does, it cannot be deleted`,
          } as const,
        ]),
  ];
}

/** Told by the check for what is stuck. */
function isAbandoned({ metadata }: KubeObject, { finalizers, installation }: ResourcesSight, survey: Input): boolean {
  const names = [...finalizers.own, ...finalizers.former];
  const operator = survey.installations.find(({ name }) => name === installation);
  const isHeldByUs = metadata.finalizers?.some((name) => names.includes(name)) === true;
  return isHeldByUs && operator !== undefined && isAway(operator, survey);
}

function stuck(object: KubeObject, now: number): readonly Seen[] {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  if (deletionTimestamp === undefined || now - Date.parse(deletionTimestamp) < stuckMs) return [];
  const says = `is being deleted since ${deletionTimestamp}, and waits for ${finalizers.join(', ') || 'nothing that it names'}`;
  return [{ level: 'warning', says, remedy: 'start the operator that takes that off, or look at its conditions' }];
}

/** Workloads whose names begin with that of the resource, in its namespace, which somebody else controls. */
function foreignChildren(object: KubeObject, group: string, survey: Input): readonly Seen[] {
  const { namespace, name } = object.metadata;
  return workloadsOf(survey)
    .filter(({ metadata }) => metadata.namespace === namespace)
    .filter(({ metadata }) => metadata.name === name || metadata.name.startsWith(`${name}-`))
    .flatMap((workload): readonly Seen[] => {
      const controller = workload.metadata.ownerReferences?.find((owner) => owner.controller === true);
      const release = helmReleaseOf(workload);
      const text = `${workload.kind} ${workload.metadata.name}`;
      if (controller !== undefined && !controller.apiVersion.startsWith(`${group}/`))
        return [
          {
            level: 'warning',
            says: `${text} has the name of one of its own, and belongs to ${controller.kind} ${controller.name}`,
          },
        ];
      if (release === undefined || controller !== undefined) return [];
      return [
        {
          level: 'warning',
          says: `${text} has the name of one of its own, and belongs to the Helm release ${release}`,
        },
      ];
    });
}

/** What cannot be read is told by the checks of storage and of other operators. */
function workloadsOf({ statefulSets, deployments }: Input): readonly (KubeObject | StatefulSet)[] {
  return [...(statefulSets.seen ? statefulSets.value.items : []), ...(deployments.seen ? deployments.value.items : [])];
}

function told(texts: readonly string[], separator: string): string {
  const more = texts.length - maxTold;
  return [...texts.slice(0, maxTold), ...(more > 0 ? [`and ${more} more`] : [])].join(separator);
}

function editCommand({ kind, metadata: { namespace, name } }: KubeObject): string {
  return `kubectl ${namespace === undefined ? '' : `-n ${namespace} `}edit ${kind.toLowerCase()} ${name}`;
}
