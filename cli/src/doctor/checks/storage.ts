import type { StatefulSet, StorageClass } from '@capstan/kube';
import type { Observation } from '../finding.ts';
import { objectName } from '../installation.ts';
import { type NamedClass, namedClasses } from '../named-classes.ts';
import { notWhole, unseen, whenSeen } from '../read.ts';
import { type Survey, workNamespaces } from '../survey.ts';

const isDefault = 'storageclass.kubernetes.io/is-default-class';

type Input = Pick<Survey, 'classes' | 'resources' | 'statefulSets' | 'namespace'>;

/** Whether volumes can be had: of the classes that resources name, and of a default class. */
export function checkStorage(survey: Input): readonly Observation[] {
  const { classes, statefulSets, resources } = survey;
  return whenSeen(classes, 'StorageClasses', (found) => {
    const defaults = found.filter(isDefaultClass);
    const objects = resources.flatMap(({ objects }) => (objects.seen ? objects.value.items : []));
    const named = objects.flatMap(namedClasses);
    return [
      ...ofDefaults(found, defaults),
      ...found.map((each) => ofClass(each, named)),
      ...missing(found, named),
      ...(statefulSets.seen
        ? [...ofStatefulSets(statefulSets.value.items, survey, found), ...notWhole('StatefulSets', statefulSets.value)]
        : [unseen('StatefulSets', statefulSets.why)]),
    ];
  });
}

function isDefaultClass({ metadata }: StorageClass): boolean {
  return metadata.annotations?.[isDefault] === 'true';
}

function ofDefaults(classes: readonly StorageClass[], defaults: readonly StorageClass[]): readonly Observation[] {
  const where = 'default StorageClass';
  const command = (name: string, value: boolean) => `kubectl annotate sc ${name} ${isDefault}=${value} --overwrite`;
  if (classes.length === 0)
    return [
      {
        level: 'problem',
        where,
        says: 'there is no StorageClass: no volume can be had',
        remedy: 'install a storage provisioner',
      },
    ];
  if (defaults.length === 0) {
    const says = 'there is none: claims that name no class stay Pending';
    return [{ level: 'warning', where, says, remedy: command(classes[0]?.metadata.name ?? 'NAME', true) }];
  }
  if (defaults.length === 1) return [];
  const names = defaults.map(({ metadata }) => metadata.name);
  const says = `there are several, ${names.join(' and ')}: a claim that names none gets the one that was made last`;
  return [{ level: 'warning', where, says, remedy: command(names[0] ?? 'NAME', false) }];
}

function ofClass(storageClass: StorageClass, named: readonly NamedClass[]): Observation {
  const { metadata, allowVolumeExpansion, volumeBindingMode = 'Immediate' } = storageClass;
  const where = `StorageClass ${metadata.name}`;
  const binding =
    volumeBindingMode === 'Immediate' ? 'binds at once, wherever the pod may run' : 'binds where the pod runs';
  const growth = allowVolumeExpansion === true ? 'volumes can grow' : 'volumes cannot grow';
  const says = `${isDefaultClass(storageClass) ? 'default; ' : ''}${growth}; ${binding}`;
  const isUsed = named.some(({ name }) => name === metadata.name) || isDefaultClass(storageClass);
  if (!isUsed || (allowVolumeExpansion === true && volumeBindingMode !== 'Immediate'))
    return { level: 'ok', where, says };
  const growing = `kubectl patch sc ${metadata.name} -p '{"allowVolumeExpansion":true}', if its provisioner can`;
  return { level: 'note', where, says, ...(allowVolumeExpansion !== true && { remedy: growing }) };
}

function missing(classes: readonly StorageClass[], named: readonly NamedClass[]): readonly Observation[] {
  return named
    .filter(({ name }) => !classes.some(({ metadata }) => metadata.name === name))
    .map(({ object, path, name }) => ({
      ...{ level: 'problem', where: objectName(object) },
      says: `${path}: there is no StorageClass ${name}: its volumes stay Pending`,
      remedy: 'make that class, or name one that is there, before its volumes exist',
    }));
}

/** Of the namespaces where custom resources are: of others nobody asked. */
function ofStatefulSets(
  sets: readonly StatefulSet[],
  survey: Input,
  classes: readonly StorageClass[],
): readonly Observation[] {
  const places = new Set(workNamespaces(survey));
  const hasDefault = classes.some(isDefaultClass);
  return sets
    .filter(({ metadata }) => places.has(metadata.namespace ?? ''))
    .flatMap((set) =>
      (set.spec?.volumeClaimTemplates ?? []).flatMap(({ metadata: claim, spec }): readonly Observation[] => {
        const at = { where: objectName(set), level: 'warning' } as const;
        const name = spec?.storageClassName;
        if (name === undefined && !hasDefault)
          return [
            { ...at, says: `volume ${claim?.name} names no class, and there is no default: new ones stay Pending` },
          ];
        if (name === undefined || name === '' || classes.some((each) => each.metadata.name === name)) return [];
        return [{ ...at, says: `volume ${claim?.name} is of StorageClass ${name}, which does not exist` }];
      }),
    );
}
