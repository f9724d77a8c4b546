import { customResource, k8s, mapOf, type ResourceOf, stringEnum, Type, withDefault } from '@capstan/crd';
import { ConfigMap, Deployment } from '@capstan/kube';
import {
  type Controller,
  controller,
  owned,
  ownedWithStatus,
  type Plan,
  rolledOut,
  setConditions,
  standardConditions,
} from '@capstan/runtime';

/** The smallest kind that has every sort of child a world can play with: a ConfigMap per book, and pods when it is staffed. */
export const Shelf = customResource({
  group: 'testkit.capstan.dev',
  version: 'v1',
  kind: 'Shelf',
  plural: 'shelves',
  description: 'Keeps a ConfigMap per book.',
  spec: Type.Object(
    {
      books: mapOf(Type.String({ maxLength: 100, description: 'What it says.' }), {
        description: 'Text by title.',
        maxProperties: 20,
      }),
      staff: withDefault(Type.Integer({ minimum: 0, maximum: 5, description: 'How many pods look after it.' }), 0),
      colour: withDefault(stringEnum(['red', 'blue'], { description: 'What its books are bound in.' }), 'red'),
    },
    { description: 'What is wanted.' },
  ),
  status: Type.Object({
    conditions: Type.Optional(k8s.conditions({ maxItems: 16, description: 'What is true of it.' })),
  }),
});
export type Shelf = ResourceOf<typeof Shelf>;

/** Drives shelves. */
export const shelves: Controller = controller<Shelf>(Shelf, {
  name: 'shelf-operator',
  owns: [owned(ConfigMap), ownedWithStatus(Deployment)],
  reconcile: async (shelf, pass) => {
    const { failures, waiting } = await pass.apply(planOf(shelf));
    const [failure] = failures;
    const standing =
      failure !== undefined
        ? ({ is: 'Stalled', reason: failure.reason, message: failure.message } as const)
        : waiting !== undefined
          ? ({ is: 'Reconciling', reason: waiting.reason, message: waiting.message } as const)
          : ({ is: 'Ready', reason: 'Complete', message: 'Every book is in its place.' } as const);
    const options = { now: pass.now, observedGeneration: shelf.metadata.generation };
    return pass.report({
      status: { conditions: setConditions(shelf.status?.conditions, standardConditions(standing), options) },
    });
  },
});

function planOf({ spec, metadata }: Shelf): Plan {
  const books = Object.entries(spec.books).map(
    ([title, text]): ConfigMap => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `${metadata.name}-${title}` },
      data: { text, colour: spec.colour },
    }),
  );
  const staff = spec.staff === 0 ? [] : [staffOf(metadata.name, spec.staff)];
  return {
    steps: [
      { name: 'books', objects: books },
      { name: 'staff', objects: staff, waitingFor: rolledOut(staff) },
    ],
  };
}

/** Runs the same pods as any Deployment; nobody ever looks at the image. */
function staffOf(shelf: string, replicas: number): Deployment {
  const labels = { shelf };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: shelf },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'librarian', image: 'librarian' }] } },
    },
  };
}
