import { customResource, k8s, type ResourceOf, Type } from '@capstan/crd';
import { Deployment } from '@capstan/kube';
import { deployment } from '@capstan/resources';
import { controller, owned } from '@capstan/runtime';
import { openWorld } from '@capstan/testkit';
import { expect, it } from 'vitest';

/** A kind that passes a part of its pods through, as many do. */
const Passage = customResource({
  group: 'builders.capstan.dev',
  version: 'v1',
  kind: 'Passage',
  plural: 'passages',
  description: 'Runs pods with a security context that its user writes.',
  spec: Type.Object(
    { securityContext: Type.Optional(k8s.podSecurityContext({ description: 'Of its pods.' })) },
    { description: 'What is wanted.' },
  ),
  status: Type.Object({}),
});
type Passage = ResourceOf<typeof Passage>;

const passages = controller<Passage>(Passage, {
  name: 'passage-operator',
  owns: [owned(Deployment)],
  reconcile: async ({ metadata: { name }, spec: { securityContext } }, pass) => {
    const pod = { containers: [{ name: 'main', image: 'a:1' }], ...(securityContext && { securityContext }) };
    await pass.apply({ steps: [{ name: 'pods', objects: [deployment({ name }, { pod })] }] });
    return pass.report({ status: {} });
  },
});

it('a resource that would loosen the security of its pods is refused once, with the field, until it is edited', async () => {
  await using world = await openWorld({ controllers: [passages] });
  await world.apply(Passage, { metadata: { name: 'root' }, spec: { securityContext: { runAsUser: 0 } } });
  await world.eventually(async () =>
    expect(await world.events(Passage, 'root')).toEqual([
      {
        type: 'Warning',
        reason: 'InvalidChild',
        action: 'Reconcile',
        note: 'Deployment/root: spec.template.spec.securityContext.runAsUser: must not be 0, which is root',
      },
    ]),
  );
  await world.settled();
  expect(world.passes('root').map(({ result }) => result)).toEqual(['Refused']);
  expect(await world.get(Deployment, 'root')).toBeUndefined();

  await world.edit(Passage, 'root', { spec: { securityContext: { runAsUser: 1000 } } });
  const made = await world.eventually(async () => {
    const found = await world.get(Deployment, 'root');
    expect(found).toBeDefined();
    return found;
  });
  expect(made?.spec?.template.spec?.securityContext).toMatchObject({ runAsUser: 1000, runAsNonRoot: true });
});
