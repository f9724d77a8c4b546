import { ApiError, CustomResourceDefinition, type KubeClient, type ResourceType, systemClock } from '@capstan/kube';

/** A kind that knows its own CRD, as those of `customResource` do. */
export interface InstallableKind extends ResourceType {
  manifest(): CustomResourceDefinition | object;
}

/** Whether the kind of a controller brings its CRD along; a built-in one does not. */
export function isInstallable(type: ResourceType): type is InstallableKind {
  return 'manifest' in type && typeof type.manifest === 'function';
}

/** How long a CRD may take from its creation until its objects can be made; about 2 s is usual. */
const servedWithinMs = 30_000;

/** Installs the CRDs of kinds and resolves when their objects can be made. Installing one twice, or from two sides at once, is fine. */
export async function installKinds(client: KubeClient, kinds: readonly InstallableKind[]): Promise<void> {
  await Promise.all(kinds.map((kind) => installKind(client, kind)));
}

async function installKind(client: KubeClient, kind: InstallableKind): Promise<void> {
  // The manifest of a kind is a CustomResourceDefinition, typed more loosely where it is made.
  const manifest = kind.manifest() as CustomResourceDefinition;
  await client.apply(CustomResourceDefinition, manifest, { fieldManager: 'capstan-testkit', force: true });
  const signal = AbortSignal.timeout(servedWithinMs);
  while (!(await isServed(client, kind))) {
    if (signal.aborted)
      throw new Error(`${manifest.metadata.name} was installed but is not served after ${servedWithinMs} ms`);
    await systemClock.sleep(50);
  }
}

/** Only a creation tried and thrown away tells; a refusal of the empty object is as good an answer as its acceptance. */
async function isServed(client: KubeClient, { group, version, kind, ...type }: InstallableKind): Promise<boolean> {
  const probe = {
    apiVersion: `${group}/${version}`,
    kind,
    metadata: { name: 'probe', ...(type.namespaced && { namespace: 'default' }) },
  };
  try {
    await client.create({ ...type, group, version, kind }, probe, { dryRun: true, fieldManager: 'capstan-testkit' });
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return !error.isNotFound;
  }
}
