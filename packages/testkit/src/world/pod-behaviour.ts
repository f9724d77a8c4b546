import { ApiError, type KubeClient, type KubeObject, Pod, type ResourceType } from '@capstan/kube';
import { eventually } from '../eventually.ts';

/** What pods do; the values of the annotation `capstan.dev/pod` of `@capstan/controlplane`. */
export type PodBehaviour =
  | 'ready'
  | 'slow'
  | `slow=${number}s`
  | 'never-ready'
  | 'crash-loop'
  | 'image-pull'
  | 'fail'
  | 'process';

const annotation = 'capstan.dev/pod';
const fieldManager = 'capstan-testkit';
const group = 'admissionregistration.k8s.io';
const policies: ResourceType = {
  group,
  version: 'v1',
  kind: 'MutatingAdmissionPolicy',
  plural: 'mutatingadmissionpolicies',
  namespaced: false,
};
const bindings: ResourceType = {
  group,
  version: 'v1',
  kind: 'MutatingAdmissionPolicyBinding',
  plural: 'mutatingadmissionpolicybindings',
  namespaced: false,
};

/** Decides how the pods of one namespace behave, those that are there and those to come, whoever makes them. */
export class PodDirector implements AsyncDisposable {
  readonly #client: KubeClient;
  readonly #namespace: string;
  readonly #name: string;
  #isUsed = false;

  constructor(client: KubeClient, namespace: string) {
    this.#client = client;
    this.#namespace = namespace;
    this.#name = `capstan-pods-${namespace}`;
  }

  /** Resolves when every pod there is has been told, and new ones will be born so. */
  async direct(behaviour: PodBehaviour): Promise<void> {
    await this.directNew(behaviour);
    const { items } = await this.#client.list(Pod, { namespace: this.#namespace, metadataOnly: true });
    const patch = { kind: 'merge', body: { metadata: { annotations: { [annotation]: behaviour } } } } as const;
    await Promise.all(
      items.map(({ metadata }) =>
        this.#client.patch(Pod, metadata, patch, { fieldManager }).catch((error: unknown) => {
          // Replaced since it was listed: the one in its place was born as told.
          if (!(error instanceof ApiError && error.isNotFound)) throw error;
        }),
      ),
    );
  }

  /** Resolves when new pods will be born so; those that are there go on as they are. */
  async directNew(behaviour: PodBehaviour): Promise<void> {
    this.#isUsed = true;
    await this.#apply(policies, this.#policy(behaviour));
    await this.#apply(bindings, { spec: { policyName: this.#name } });
    await eventually(async () => {
      const born = await this.#client.create(Pod, this.#probe(), { dryRun: true });
      if (born.metadata.annotations?.[annotation] !== behaviour)
        throw new Error(`new pods are not born ${behaviour} yet`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isUsed) return;
    await this.#client.delete(bindings, { name: this.#name });
    await this.#client.delete(policies, { name: this.#name });
  }

  async #apply(type: ResourceType, rest: object): Promise<void> {
    const body = { apiVersion: `${group}/v1`, kind: type.kind, metadata: { name: this.#name }, ...rest };
    await this.#client.apply<KubeObject>(type, body, { fieldManager, force: true });
  }

  #policy(behaviour: PodBehaviour): object {
    const value = `Object{metadata: Object.metadata{annotations: {"${annotation}": "${behaviour}"}}}`;
    return {
      spec: {
        failurePolicy: 'Fail',
        reinvocationPolicy: 'Never',
        matchConstraints: {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': this.#namespace } },
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        },
        mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: value } }],
      },
    };
  }

  #probe(): Pod {
    const metadata = { namespace: this.#namespace, name: 'capstan-probe' };
    // As strict as any namespace may ask for.
    const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
    const restricted = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' as const } };
    const containers = [{ name: 'probe', image: 'probe', securityContext }];
    return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { securityContext: restricted, containers } };
  }
}
