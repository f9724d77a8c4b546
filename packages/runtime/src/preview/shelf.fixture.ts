import { customResource, k8s, type ResourceOf, Type } from '@capstan/crd';
import { ConfigMap, Secret, StatefulSet } from '@capstan/kube';
import { setConditions, standardConditions } from '../conditions.ts';
import { type Controller, controller } from '../controller/controller.ts';
import type { Desired, Plan } from '../controller/plan.ts';
import { owned, ownedWithStatus } from '../controller/reconciler.ts';

/** A kind with what a preview has to deal with: configuration, a Secret, pods, a second step, a refusal. */
export const Shelf = customResource({
  group: 'preview.capstan.dev',
  version: 'v1',
  kind: 'Shelf',
  plural: 'shelves',
  description: 'Pods with a configuration.',
  spec: Type.Object(
    {
      image: Type.String({ maxLength: 100, description: 'What the pods run.' }),
      replicas: Type.Integer({ minimum: 0, maximum: 9, description: 'How many pods.' }),
      password: Type.String({ maxLength: 100, description: 'What the Secret holds.' }),
      notes: Type.Array(Type.String({ maxLength: 30 }), { maxItems: 5, description: 'ConfigMaps of the second step.' }),
    },
    { description: 'What is wanted.' },
  ),
  status: Type.Object({
    conditions: Type.Optional(k8s.conditions({ maxItems: 9, description: 'How it is.' })),
  }),
});
export type Shelf = ResourceOf<typeof Shelf>;

/** A shelf as a user writes it. */
export function shelf(namespace: string, spec: Partial<Shelf['spec']> = {}): Shelf {
  return {
    apiVersion: 'preview.capstan.dev/v1',
    kind: 'Shelf',
    metadata: { namespace, name: 'shelf' },
    spec: { image: 'pause:1', replicas: 3, password: 'hunter2', notes: [], ...spec },
  };
}

/** Drives shelves. Refuses the image `forbidden`. */
export const shelves: Controller = controller<Shelf>(Shelf, {
  name: 'shelf-operator',
  owns: [owned(ConfigMap), owned(Secret), ownedWithStatus(StatefulSet)],
  reconcile: async (resource, pass) => {
    if (resource.spec.image === 'forbidden') {
      const standing = { is: 'Stalled', reason: 'ImageForbidden', message: 'spec.image: forbidden' } as const;
      return pass.report({ status: statusOf(resource, standing, pass.now) });
    }
    const { waiting } = await pass.apply(planOf(resource));
    const standing =
      waiting === undefined
        ? ({ is: 'Ready', reason: 'AllThere', message: 'All there.' } as const)
        : ({ is: 'Reconciling', ...waiting } as const);
    return pass.report({ status: statusOf(resource, standing, pass.now) });
  },
});

function statusOf(
  { status }: Shelf,
  standing: Parameters<typeof standardConditions>[0],
  now: string,
): NonNullable<Shelf['status']> {
  return { conditions: [...setConditions(status?.conditions, standardConditions(standing), { now })] };
}

function planOf({ spec, metadata: { name } }: Shelf): Plan {
  const config: Desired = text(`${name}-config`, { greeting: 'hello' });
  const secret: Desired = {
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: `${name}-password` } },
    ...{ stringData: { password: spec.password } },
  };
  const pods = brokers(name, spec);
  return {
    steps: [
      {
        name: 'pods',
        objects: [config, secret, pods],
        waitingFor: (live) =>
          live(pods) === undefined || live(pods)?.metadata.resourceVersion === undefined
            ? { reason: 'NoPods', message: 'There are no pods yet.' }
            : undefined,
      },
      { name: 'notes', objects: spec.notes.map((note) => text(`${name}-${note}`, { note })) },
    ],
  };
}

function text(name: string, data: Readonly<Record<string, string>>): Desired {
  const map: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
  return map;
}

function brokers(name: string, { image, replicas }: Shelf['spec']): Desired {
  const labels = { app: name };
  const set: StatefulSet = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name },
    spec: {
      replicas,
      serviceName: name,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image }] } },
    },
  };
  return set;
}
