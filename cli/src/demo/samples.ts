import type { InputOf } from '@capstan/crd';
import type { KubeClient, KubeObject, ResourceType } from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { readManifests } from '@capstan/testkit';
import { DemoFailure } from './demo-failure.ts';
import { deploy } from './repository.ts';

/** One sample: the object as its file has it, which is what gets applied, and the cluster it is after defaults. */
export interface Sample {
  readonly manifest: KubeObject;
  readonly cluster: StreamBusCluster;
}

/** Reads all sample clusters, in the order of their file names. */
export async function readSamples(): Promise<readonly Sample[]> {
  const manifests = await readManifests(deploy.samples);
  return manifests.map((manifest) => {
    const [violation] = StreamBusCluster.validate(manifest);
    if (violation !== undefined) {
      throw new DemoFailure(`the sample ${manifest.metadata.name} is invalid: ${violation.path} ${violation.message}`);
    }
    // Just validated.
    return { manifest, cluster: StreamBusCluster.withDefaults(manifest as InputOf<typeof StreamBusCluster>) };
  });
}

/**
 * Makes the samples as `kubectl apply -f` would, unknown fields refused: whoever edits a file and applies it goes on from
 * here without a warning or a conflict.
 */
export async function applySamples(client: KubeClient, samples: readonly Sample[]): Promise<void> {
  const type: ResourceType = StreamBusCluster;
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
