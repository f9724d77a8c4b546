import { customResource, type ResourceOf, Type } from '@capstan/crd';
import type { Draft, KubeObject } from '@capstan/kube';
import { type Controller, controller, type OwnedKind } from '@capstan/runtime';

/** A kind whose only purpose is to own children. */
export const Showcase = customResource({
  group: 'builders.capstan.dev',
  version: 'v1',
  kind: 'Showcase',
  plural: 'showcases',
  description: 'Owns one child of every kind.',
  spec: Type.Object({}, { description: 'Nothing.' }),
  status: Type.Object({
    children: Type.Optional(Type.Integer({ description: 'How many there are.' })),
    failed: Type.Optional(Type.Array(Type.String(), { description: 'Children that were refused, with the reason.' })),
  }),
});
export type Showcase = ResourceOf<typeof Showcase>;

/** A controller that wants these children and tells in its status which of them it has. */
export function showcases(owns: readonly OwnedKind[], children: readonly Draft<KubeObject>[]): Controller {
  return controller<Showcase>(Showcase, {
    name: 'showcase-operator',
    owns,
    reconcile: async (_, pass) => {
      const outcome = await pass.apply({ steps: [{ name: 'all', objects: children }] });
      const failed = outcome.failures.map(({ child, message }) => `${child}: ${message}`);
      return pass.report({ status: { children: outcome.children.length, ...(failed.length > 0 && { failed }) } });
    },
  });
}

export function aShowcase(namespace: string): Showcase {
  return { apiVersion: 'builders.capstan.dev/v1', kind: 'Showcase', metadata: { namespace, name: 'all' }, spec: {} };
}
