import { customResource, type ResourceOf, Type } from '@capstan/crd';
import { type Controller, controller } from '@capstan/runtime';

/** A kind that no other test installs, for a console that is started before it is there. */
export const Gadget = customResource({
  group: 'console.capstan.dev',
  version: 'v1',
  kind: 'Gadget',
  plural: 'gadgets',
  description: 'Is there to be looked at.',
  spec: Type.Object(
    { size: Type.Integer({ minimum: 1, description: 'How large.' }) },
    { description: 'What is wanted.' },
  ),
  status: Type.Object({}),
});
export type Gadget = ResourceOf<typeof Gadget>;

/** Named to `--operator`; never run. */
export const gadgets: Controller = controller<Gadget>(Gadget, {
  name: 'gadget-operator',
  owns: [],
  reconcile: async (_gadget, pass) => pass.report({ status: {} }),
});
