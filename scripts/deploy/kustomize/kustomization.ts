/** A patch, of one object by its name or of all that a target selects. */
export interface Patch {
  readonly target?: { readonly kind: string; readonly name: string };
  readonly patch: string;
}

/** What a kustomization is made of; the fields of kustomize's own format that are used here. */
export interface Content {
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly replicas?: readonly { readonly name: string; readonly count: number }[];
  readonly patches?: readonly Patch[];
}

/** A kustomization, as `kubectl apply -k` reads it. */
export function kustomization(content: Content): object {
  return { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', ...content };
}

/** A part that kustomizations add to others, in any combination. */
export function component(content: Content): object {
  return { apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind: 'Component', ...content };
}
