import { customResource, type ResourceOf, Type } from '@capstan/crd';
import { ConfigMap, CustomResourceDefinition, type KubeClient, Namespace } from '@capstan/kube';
import { untilServed } from '@capstan/testkit';
import { controller } from '../controller/controller.ts';
import { owned } from '../controller/reconciler.ts';
import { TerminalError } from '../errors.ts';
import { createLogger, type Logger } from '../log.ts';

/** The smallest kind that has passes of every end: it makes a ConfigMap, and refuses or fails when told to. */
export const Specimen = customResource({
  group: 'observe.capstan.dev',
  version: 'v1',
  kind: 'Specimen',
  plural: 'specimens',
  description: 'Makes a ConfigMap.',
  spec: Type.Object({
    text: Type.String({ maxLength: 30, description: 'What it holds.' }),
    fate: Type.Optional(Type.String({ maxLength: 30, description: 'refuse or fail.' })),
  }),
  status: Type.Object({ text: Type.Optional(Type.String({ description: 'What it held last.' })) }),
});
export type Specimen = ResourceOf<typeof Specimen>;

export const specimens = controller<Specimen>(Specimen, {
  name: 'specimen-operator',
  owns: [owned(ConfigMap)],
  reconcile: async (specimen, pass) => {
    const { text, fate } = specimen.spec;
    if (fate === 'refuse') throw new TerminalError('NotWanted', 'spec.fate: it asks to be refused; take it out');
    if (fate === 'fail') throw new Error('it was asked to fail');
    const object: ConfigMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: specimen.metadata.name },
      data: { text },
    };
    await pass.apply({ steps: [{ name: 'text', objects: [object] }] });
    return pass.report({ status: { text } });
  },
});

export function aSpecimen(namespace: string, name: string, spec: Partial<Specimen['spec']> = {}): Specimen {
  const metadata = { namespace, name };
  return { apiVersion: 'observe.capstan.dev/v1', kind: 'Specimen', metadata, spec: { text: 'a', ...spec } };
}

/** Installs the kind and makes a namespace for one test file. */
export async function installSpecimens(client: KubeClient, namespace: string): Promise<void> {
  await client.apply(CustomResourceDefinition, Specimen.manifest(), { fieldManager: 'test', force: true });
  await untilServed(client, Specimen, aSpecimen('default', 'x'), AbortSignal.timeout(30_000));
  const object: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await client.apply(Namespace, object, { fieldManager: 'test' });
}

/** A log that keeps what it is told, line by line as fields. */
export function aKeptLog(): { readonly log: Logger; readonly lines: readonly Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { log: createLogger({ level: 'debug', destination }), lines };
}
