import type { CustomResource, CustomResourceInput, CustomResourceObject, TSchema, ValueOf } from '@capstan/crd';
import type { KubeClient, KubeObject, ObjectRef, ResourceType } from '@capstan/kube';
import { readManifests } from '@capstan/testkit';
import { DemoFailure } from './demo-failure.ts';
import type { Needs } from './needs.ts';
import { repositoryPath } from './repository.ts';

/** One sample: the object as its file has it, which is what gets applied, and what must be there before it. */
export interface Sample {
  readonly manifest: KubeObject;
  readonly needs: Needs;
}

/** Where a sample will be. */
export function refOf({ manifest: { metadata } }: Sample): ObjectRef & { readonly namespace: string } {
  return { namespace: metadata.namespace ?? 'default', name: metadata.name };
}

/**
 * Reads the samples of a kind from files below `deploy/samples`, in their order. Objects of other kinds in them are left out.
 *
 * @param needsOf what a resource needs, given as it is after defaults
 * @param namespace of those that name none, as of `kubectl apply -n`
 * @throws {DemoFailure} for one that the API server would refuse
 */
export async function readSamples<Spec extends TSchema, Status extends TSchema>(
  kind: CustomResource<Spec, Status>,
  files: readonly string[],
  needsOf: (resource: CustomResourceObject<ValueOf<Spec>, ValueOf<Status>>) => Needs,
  namespace = 'default',
): Promise<readonly Sample[]> {
  const read = await Promise.all(files.map((file) => readManifests(repositoryPath(`deploy/samples/${file}`))));
  return read
    .flat()
    .filter((manifest) => manifest.kind === kind.kind)
    .map((manifest) => ({ ...manifest, metadata: { namespace, ...manifest.metadata } }))
    .map((manifest) => sampleOf(kind, manifest, needsOf));
}

/**
 * A resource as a sample.
 *
 * @param needsOf what it needs, given as it is after defaults
 * @throws {DemoFailure} when the API server would refuse it
 */
export function sampleOf<Spec extends TSchema, Status extends TSchema>(
  kind: CustomResource<Spec, Status>,
  manifest: KubeObject,
  needsOf: (resource: CustomResourceObject<ValueOf<Spec>, ValueOf<Status>>) => Needs,
): Sample {
  return { manifest, needs: needsOf(completed(kind, manifest)) };
}

function completed<Spec extends TSchema, Status extends TSchema>(
  kind: CustomResource<Spec, Status>,
  manifest: KubeObject,
): CustomResourceObject<ValueOf<Spec>, ValueOf<Status>> {
  const [violation] = kind.validate(manifest);
  if (violation !== undefined) {
    throw new DemoFailure(`the sample ${manifest.metadata.name} is invalid: ${violation.path} ${violation.message}`);
  }
  // Just validated.
  return kind.withDefaults(manifest as KubeObject & CustomResourceInput<ValueOf<Spec, 'write'>>);
}

/**
 * Makes the samples as `kubectl apply -f` would, unknown fields refused: whoever edits a file and applies it goes on from
 * here without a warning or a conflict.
 */
export async function applySamples(client: KubeClient, type: ResourceType, samples: readonly Sample[]): Promise<void> {
  const options = { fieldManager: 'kubectl-client-side-apply', fieldValidation: 'Strict' } as const;
  await Promise.all(samples.map(({ manifest }) => client.create(type, asKubectlApplies(manifest), options)));
}

/** With the note from which kubectl tells, at the next apply, which fields the file no longer has. */
function asKubectlApplies(manifest: KubeObject): KubeObject {
  const { annotations = {}, ...metadata } = manifest.metadata;
  const applied = `${JSON.stringify({ ...manifest, metadata: { annotations, ...metadata } })}\n`;
  const noted = { ...annotations, 'kubectl.kubernetes.io/last-applied-configuration': applied };
  return { ...manifest, metadata: { ...metadata, annotations: noted } };
}
