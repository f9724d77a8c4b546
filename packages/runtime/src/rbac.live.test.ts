import { customResource, Type } from '@capstan/crd';
import {
  ClusterRole,
  ClusterRoleBinding,
  ConfigMap,
  CustomResourceDefinition,
  createClient,
  type Draft,
  type KubeObject,
  loadKubeConfig,
  Namespace,
  type ResourceType,
  Role,
  RoleBinding,
  Secret,
  Service,
} from '@capstan/kube';
import { AuditLog, eventually } from '@capstan/testkit';
import { describe, expect, inject, it } from 'vitest';
import { controller } from './controller/controller.ts';
import { optional, owned } from './controller/reconciler.ts';
import { aText, Errand, impersonating, openStage } from './controller/stage.fixture.ts';
import { mapped, referenced } from './controller/watched-kind.ts';
import { type RbacOptions, rbacOf } from './rbac.ts';

const kubeconfig = inject('kubeconfig');
const rbacTypes: readonly ResourceType[] = [ClusterRole, ClusterRoleBinding, Role, RoleBinding];

const Extra = customResource({
  ...{ group: 'rbac.capstan.dev', version: 'v1', kind: 'Extra', plural: 'extras', description: 'Of an add-on.' },
  spec: Type.Object({}),
  status: Type.Object({}),
});

/** Uses every permission there is a declaration for. */
const errands = controller<Errand>(Errand, {
  name: 'rbac-operator',
  owns: [owned(ConfigMap), optional(owned(Extra))],
  watches: [
    referenced(Secret, ({ spec: { names = [] } }: Errand) => names.map((name) => ({ name }))),
    mapped(Service, () => []),
  ],
  reconcile: async ({ metadata: { name }, spec }, pass) => {
    for (const each of spec.names ?? []) await pass.read(Secret, { name: each });
    const extra = { apiVersion: 'rbac.capstan.dev/v1', kind: 'Extra', metadata: { name }, spec: {} };
    const outcome = await pass.apply({ steps: [{ name: 'all', objects: [aText(name, spec.text), extra] }] });
    const said = outcome.children.map(({ action }) => action).join();
    return pass.report({
      status: { said },
      events: [{ type: 'Normal', reason: 'Said', action: 'Reconcile', note: said }],
    });
  },
  finalize: {
    finalizer: 'errand.capstan.dev/rbac',
    run: async () => ({ waitingFor: { reason: 'Never', message: 'never' } }),
    deadlineMs: 0,
  },
});

async function grant(options: RbacOptions, namespaces: readonly string[]): Promise<void> {
  const client = createClient(await loadKubeConfig({ path: kubeconfig }));
  for (const name of namespaces) {
    const body: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await client.apply(Namespace, body, { fieldManager: 'test' });
  }
  for (const object of rbacOf([errands], options)) await client.apply(typeOf(object), object, { fieldManager: 'test' });
  await client.close();
}

function typeOf({ kind }: Draft<KubeObject>): ResourceType {
  const type = rbacTypes.find((each) => each.kind === kind);
  if (type === undefined) throw new Error(`${kind} is no kind of permissions`);
  return type;
}

describe('the permissions that follow from a declaration', () => {
  it.each([
    { what: 'cluster-wide', namespace: 'rbac-cluster', isClusterWide: true },
    { what: 'in two namespaces', namespace: 'rbac-namespaces', isClusterWide: false },
  ])('let a controller do all its work $what', async ({ namespace, isClusterWide }) => {
    const other = `${namespace}-other`;
    const scope = isClusterWide ? ('cluster' as const) : { namespaces: [namespace, other] };
    const serviceAccount = { namespace, name: 'operator' };
    await grant({ name: namespace, serviceAccount, scope }, [namespace, other]);
    const audit = new AuditLog(inject('auditLog'));
    const start = audit.position();
    const userAgent = `${namespace}-test`;
    const user = `system:serviceaccount:${namespace}:operator`;
    const setting = { kubeconfig, namespace, alsoIn: [other], user, userAgent, controllers: [errands] };
    await using stage = await openStage(setting);
    const { client } = stage;

    await stage.want('a', { names: ['key'] });
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('Created,Skipped'));
    await client.apply(CustomResourceDefinition, Extra.manifest(), { fieldManager: 'test', force: true });
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toMatch(/Unchanged,(Created|Unchanged)/));
    await client.delete(ConfigMap, { namespace, name: 'a' });
    await eventually(async () => expect(await stage.texts()).toEqual({ a: 'a' }));
    await client.delete(Errand, { namespace, name: 'a' });
    await eventually(async () => expect(await stage.condition('a', 'DeletionBlocked')).toMatch(/^True Never/));
    await eventually(async () => expect(await stage.events('a')).toContain('DeletionBlocked'));
    await stage.annotate('a', { 'errand.capstan.dev/skip-finalizer': 'true' });
    await eventually(async () => expect(await stage.get('a')).toBeUndefined());
    await client.delete(CustomResourceDefinition, { name: 'extras.rbac.capstan.dev' });
    await eventually(async () =>
      expect(await client.get(CustomResourceDefinition, { name: 'extras.rbac.capstan.dev' })).toBeUndefined(),
    );
    await stage[Symbol.asyncDispose]();
    const operator = createClient(impersonating(await loadKubeConfig({ path: kubeconfig }), user));
    await expect(operator.list(Namespace)).rejects.toThrow(/forbidden/i); // It is no administrator.
    await operator.close();
    const refused = audit.since(start, { userAgent }).filter(({ code }) => code === 403);
    expect(refused.map(({ verb, uri }) => `${verb} ${uri}`)).toEqual([]);
    expect(audit.since(start, { userAgent }).length).toBeGreaterThan(10);
  });
});
