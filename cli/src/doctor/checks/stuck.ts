import type { CustomResourceDefinition, KubeObject } from '@capstan/kube';
import { isAway } from '../at-work.ts';
import type { Observation } from '../finding.ts';
import { type Installation, objectName } from '../installation.ts';
import { conversionsOf, serviceOf } from '../seen-webhooks.ts';
import type { Survey } from '../survey.ts';

type Input = Pick<
  Survey,
  'resources' | 'definitions' | 'namespaces' | 'services' | 'leases' | 'deployments' | 'installations' | 'now'
>;

/** A custom resource that is being deleted and waits for an operator that is gone. */
interface StuckResource {
  readonly object: KubeObject;
  /** Its definition. */
  readonly definition: string;
  readonly finalizers: readonly string[];
  readonly installation: Installation;
}

/** What waits for one of our operators that is not there any more, and the one command that frees each. */
export function checkStuck(survey: Input): readonly Observation[] {
  const resources = stuckResources(survey);
  const found = [
    ...resources.map(ofResource),
    ...goingNamespaces(survey).flatMap((namespace) => ofNamespace(namespace, resources)),
    ...definitionsOf(survey).flatMap((definition) => [
      ...ofGoingDefinition(definition, resources),
      ...ofConversion(definition, survey),
    ]),
  ];
  if (found.length > 0) return found;
  return [{ level: 'ok', where: 'what is being deleted', says: 'nothing waits for an operator that is gone' }];
}

function stuckResources(survey: Input): readonly StuckResource[] {
  return survey.resources.flatMap(({ installation: name, kind, finalizers: { own, former }, objects }) => {
    const installation = survey.installations.find((each) => each.name === name);
    if (installation === undefined || !objects.seen || !isAway(installation, survey)) return [];
    return objects.value.items
      .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
      .map((object) => {
        const finalizers = (object.metadata.finalizers ?? []).filter((each) => [...own, ...former].includes(each));
        return { object, definition: `${kind.plural}.${kind.group}`, finalizers, installation };
      })
      .filter(({ finalizers }) => finalizers.length > 0);
  });
}

function ofResource({ object, definition, finalizers, installation }: StuckResource): Observation {
  return {
    level: 'problem',
    where: objectName(object),
    says: `is being deleted and waits for ${finalizers.join(', ')}, which ${installation.operator} takes off; nobody of that name is at work`,
    remedy: `start the operator, which cleans up; or, without cleaning up, ${patchCommand(object, definition, finalizers)}`,
  };
}

/** Refused where the finalizers are not the same any more: those of others stay. */
function patchCommand(
  { metadata: { namespace, name, finalizers = [] } }: KubeObject,
  definition: string,
  unwanted: readonly string[],
): string {
  const left = finalizers.filter((each) => !unwanted.includes(each));
  const path = '/metadata/finalizers';
  const operations = [
    { op: 'test', path, value: finalizers },
    { op: 'replace', path, value: left },
  ];
  const where = namespace === undefined ? '' : ` -n ${namespace}`;
  return `kubectl patch ${definition} ${name}${where} --type=json -p '${JSON.stringify(operations)}'`;
}

function goingNamespaces({ namespaces }: Input): readonly KubeObject[] {
  const all = namespaces.seen ? namespaces.value : [];
  return all.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
}

function ofNamespace({ metadata: { name } }: KubeObject, resources: readonly StuckResource[]): readonly Observation[] {
  const own = resources.filter(({ object }) => object.metadata.namespace === name);
  return byInstallation(own).map(([installation, count]) => ({
    level: 'problem',
    where: `Namespace ${name}`,
    says: `is being deleted and waits for ${countOf(count)} of ${installation.operator}`,
    remedy: releaseCommand(installation, ` --resources-in ${name}`),
  }));
}

function definitionsOf({ definitions }: Input): readonly CustomResourceDefinition[] {
  return definitions.seen ? definitions.value : [];
}

function ofGoingDefinition(
  { metadata: { name, deletionTimestamp } }: CustomResourceDefinition,
  resources: readonly StuckResource[],
): readonly Observation[] {
  if (deletionTimestamp === undefined) return [];
  const own = resources.filter(({ definition }) => definition === name);
  return byInstallation(own).map(([installation, count]) => ({
    level: 'problem',
    where: `CustomResourceDefinition ${name}`,
    says: `is being deleted and waits for ${countOf(count)}, which ${installation.operator} lets go`,
    remedy: releaseCommand(installation, ''),
  }));
}

/** Of objects in another version than the one that is stored now not one may be listed, so nothing around them can go. */
function ofConversion(definition: CustomResourceDefinition, { services }: Input): readonly Observation[] {
  const { name } = definition.metadata;
  const current = definition.spec.versions.find(({ storage }) => storage)?.name;
  const former = (definition.status?.storedVersions ?? []).filter((version) => version !== current);
  const path = conversionsOf([definition]).map(serviceOf)[0];
  const service = path === undefined ? undefined : services.get(path);
  if (former.length === 0 || path === undefined || service?.seen !== true || service.value.readyEndpoints > 0)
    return [];
  const patch = JSON.stringify({ spec: { conversion: { strategy: 'None', webhook: null } } });
  return [
    {
      level: 'problem',
      where: `CustomResourceDefinition ${name}`,
      says: `nothing answers for Service ${path}, which converts what may be stored in ${former.join(', ')}: with one such object, none can be listed, and neither their namespace nor the definition can be deleted`,
      remedy: `start the operator, then capstan migrate-storage ${name}; or, where nobody needs the fields that such objects lose, kubectl patch crd ${name} --type=merge -p '${patch}'`,
    },
  ];
}

function byInstallation(resources: readonly StuckResource[]): readonly (readonly [Installation, number])[] {
  const groups = Map.groupBy(resources, ({ installation }) => installation);
  return [...groups].map(([installation, own]) => [installation, own.length] as const);
}

function countOf(count: number): string {
  return count === 1 ? '1 custom resource' : `${count} custom resources`;
}

function releaseCommand({ name }: Installation, where: string): string {
  return `start the operator, which cleans up; or, without cleaning up, capstan uninstall ${name} --release-only${where}`;
}
