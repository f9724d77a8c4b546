import type { Deployment, KubeObject } from '@capstan/kube';
import { readManifests } from '@capstan/testkit';

/** The Node options of the Deployment in a directory of manifests, so that the operator is measured as it ships. */
export async function shippedNodeOptions(directory: string): Promise<readonly string[]> {
  const deployment = (await readManifests(directory)).find(isDeployment);
  const variables = deployment?.spec?.template.spec?.containers.flatMap(({ env = [] }) => env);
  const options = variables?.find(({ name }) => name === 'NODE_OPTIONS')?.value;
  if (options === undefined) throw new Error(`no Deployment in ${directory} sets NODE_OPTIONS`);
  return options.split(' ');
}

function isDeployment(object: KubeObject): object is Deployment {
  return object.apiVersion === 'apps/v1' && object.kind === 'Deployment';
}
