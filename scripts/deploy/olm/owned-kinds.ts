import type { CustomResourceDefinition, JsonSchema } from '@capstan/crd';
import type { OperatorInstall } from '../../install-manifests.ts';

interface Descriptor {
  readonly path: string;
  readonly displayName: string;
  readonly description: string;
  readonly 'x-descriptors'?: readonly string[];
}

/** The kinds of an operator as consoles show them: each version with what it is made of and what its fields mean. */
export function ownedKinds(operator: OperatorInstall): readonly object[] {
  return operator.crds.flatMap((crd) => crd.spec.versions.map((version) => ownedKind(crd, version, operator)));
}

function ownedKind(
  { metadata, spec }: CustomResourceDefinition,
  { name: version, schema }: CustomResourceDefinition['spec']['versions'][number],
  { controllers }: OperatorInstall,
): object {
  const driver = controllers.find(({ kind }) => `${kind.plural}.${kind.group}` === metadata.name);
  const made = (driver?.owns ?? []).filter(({ former }) => former !== true);
  const { properties = {}, description = '' } = schema.openAPIV3Schema;
  return {
    ...{ name: metadata.name, kind: spec.names.kind, version, displayName: spec.names.kind, description },
    resources: made.map(({ type }) => ({ kind: type.kind, name: '', version: type.version })),
    specDescriptors: descriptors(properties['spec']),
    statusDescriptors: descriptors(properties['status']),
  };
}

function descriptors(schema: JsonSchema | undefined): readonly Descriptor[] {
  return Object.entries(schema?.properties ?? {}).map(([path, { description = '' }]) => ({
    ...{ path, displayName: inWords(path), description },
    ...(shownAs[path] !== undefined && { 'x-descriptors': [shownAs[path]] }),
  }));
}

/** How consoles show fields that every operator has. */
const shownAs: Readonly<Record<string, string>> = {
  conditions: 'urn:alm:descriptor:io.kubernetes.conditions',
  phase: 'urn:alm:descriptor:io.kubernetes.phase',
  replicas: 'urn:alm:descriptor:com.tectonic.ui:podCount',
  resources: 'urn:alm:descriptor:com.tectonic.ui:resourceRequirements',
};

/** `readyReplicas` as `Ready Replicas`. */
function inWords(path: string): string {
  const words = path.replace(/([a-z0-9])([A-Z])/g, '$1 $2');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
