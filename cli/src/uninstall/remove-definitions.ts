import { CustomResourceDefinition, type KubeClient, type KubeObject, systemClock } from '@capstan/kube';
import type { UninstallOptions } from '@capstan/runtime';
import type { Installation } from '../doctor/installation.ts';
import { type Doomed, doomedOf } from './doomed.ts';
import { typed } from './typed-confirmation.ts';

/** How long a definition may take to go. */
const patienceMs = 60_000;
const lookEveryMs = 250;

interface Removal {
  readonly client: KubeClient;
  readonly installation: Installation;
  readonly options: UninstallOptions;
}

/**
 * Deletes the definitions of an operator. With them go all of their custom resources, and what is owned by these: where there are
 * any, a person has to type the operator's name first.
 * @returns what stays, a line each
 * @throws {UserError} where there is nobody to type it
 */
export async function removeDefinitions({
  client,
  installation,
  options: { tell },
}: Removal): Promise<readonly string[]> {
  const doomed = await doomedOf(client, installation);
  for (const each of doomed) tell(textOf(each));
  const { operator, definitions } = installation;
  if (doomed.length > 0 && !(await typed(operator, 'All of this is deleted with the definitions.')))
    return ['the definitions and their custom resources: nobody confirmed that they are to go'];
  const names = definitions.map(({ metadata }) => metadata.name);
  for (const name of names)
    if (await client.delete(CustomResourceDefinition, { name })) tell(`CustomResourceDefinition ${name}: deleted`);
  return untilGone(client, names);
}

function textOf({ resource, children }: Doomed): string {
  const { namespace, name } = resource.metadata;
  const counts = [...Map.groupBy(children, ({ kind }) => kind)].map(([kind, all]) => `${all.length} ${kind}`);
  const path = `${resource.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  return `${path}: would go, and with it ${counts.length === 0 ? 'nothing else' : counts.join(', ')}`;
}

async function untilGone(client: KubeClient, names: readonly string[]): Promise<readonly string[]> {
  const deadline = systemClock.monotonic() + patienceMs;
  for (;;) {
    const left = await present(client, names);
    if (left.length === 0) return [];
    if (systemClock.monotonic() >= deadline)
      return left.map(
        ({ metadata }) => `CustomResourceDefinition ${metadata.name}: is still being deleted; capstan doctor tells why`,
      );
    await systemClock.sleep(lookEveryMs);
  }
}

async function present(client: KubeClient, names: readonly string[]): Promise<readonly KubeObject[]> {
  const options = { metadataOnly: true };
  const found = await Promise.all(
    names.map((name) => client.get<KubeObject>(CustomResourceDefinition, { name }, options)),
  );
  return found.filter((each) => each !== undefined);
}
