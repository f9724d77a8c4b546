/**
 * What the console's server tells its page: plain JSON, one type for each answer. The page reads nothing else.
 *
 * Every request under `/api/` carries `Authorization: Bearer <key or token>`, also the stream, which is read by `fetch`:
 * - `kubeconfig`: the key that `capstan console` prints in the fragment of its address, `http://127.0.0.1:8001/#key=<key>`.
 *   The page takes it out of the address at once and keeps it in sessionStorage.
 * - `token`: the bearer token of the visitor, from the login form, in sessionStorage only.
 *
 * Without a good one the answer is 401, with {@link Refusal.login}. `?namespace=<name>` on any of them looks at
 * one namespace only, by watches of its own: for people who may not list in all.
 */

/** How an object is, as one word; what stands behind it is in its conditions. */
export type Health = 'healthy' | 'progressing' | 'failing' | 'paused' | 'deleting' | 'unknown';

/** Which object is meant. */
export interface ObjectRef {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  /** Absent for what no namespace holds. */
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
}

/** An object and what belongs to it, by controller owner references, pods of workloads included. */
export interface TreeNode {
  readonly ref: ObjectRef;
  readonly health: Health;
  /** One short line: `3/3 ready`, `False WaitingForBackend: redis: 0 of 1 pods are ready.`; may be empty. */
  readonly told: string;
  /** ISO 8601; when it was created. */
  readonly createdAt: string;
  readonly children: readonly TreeNode[];
}

/** `GET /api/session`: who asks, of which cluster. */
export interface Session {
  /** As the API server calls the user. */
  readonly user: string;
  /** Name of the cluster or context, or the address of its API server. */
  readonly cluster: string;
  /** `kubeconfig`: the console acts as the one who started it. `token`: each visitor acts with a token of their own. */
  readonly mode: 'kubeconfig' | 'token';
  readonly kubernetesVersion: string;
  /** Of Capstan. */
  readonly version: string;
}

/** A kind that cannot be shown, and why: not installed, or the user may not list it. */
export interface Hidden {
  readonly kind: string;
  readonly why: string;
}

/** Event `overview` of `GET /api/stream`: all there is, sent first and again whenever something changed. */
export interface Overview {
  /** One tree for each custom resource, by kind, then namespace, then name. */
  readonly resources: readonly TreeNode[];
  readonly hidden: readonly Hidden[];
  /** ISO 8601. */
  readonly at: string;
  /** Absent while all of it is live. Else the API server does not answer for some kinds: since when, and why. */
  readonly stale?: { readonly since: string; readonly why: string };
}

/**
 * The events of `GET /api/stream`, each with JSON in `data`. Comments (lines that begin with `:`) come every 15 seconds: when
 * nothing came for 40, the connection is dead. After `refused` the stream ends, and asking again needs another token.
 */
export interface StreamEvents {
  readonly overview: Overview;
  readonly refused: Refusal;
}

export interface ConditionView {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** ISO 8601. */
  readonly since: string;
  /** Whether it is about the present generation. */
  readonly isCurrent: boolean;
}

export interface EventView {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly note: string;
  /** The controller that said it. */
  readonly by: string;
  readonly count: number;
  /** ISO 8601; when it was said last. */
  readonly at: string;
  readonly about: string;
}

/** A recent pass of the operator, as `capstan explain` tells of it. */
export interface PassView {
  /** ISO 8601. */
  readonly at: string;
  readonly durationMs: number;
  readonly triggers: readonly string[];
  readonly outcome: string;
  /** What was done to each child: `StatefulSet/broker: Unchanged`. */
  readonly children: readonly { readonly child: string; readonly action: string; readonly why?: string }[];
  readonly requests: number;
}

/** `GET /api/objects/<group or core>/<plural>/<namespace or ->/<name>`. */
export interface Detail {
  readonly node: TreeNode;
  readonly conditions: readonly ConditionView[];
  /** Newest first, of the object and of what belongs to it. */
  readonly events: readonly EventView[];
  /** Newest first; only for custom resources. */
  readonly passes: readonly PassView[];
  /** Why there are no passes: the operator is not reachable, or may not be asked. */
  readonly passesUnavailable?: string;
  /** The object as YAML, without managedFields; values of Secrets are never in it. */
  readonly yaml: string;
  /** As one would apply it again: without status and what the server fills in. What the editor starts from. Only for custom resources. */
  readonly editable?: string;
  /** Why a custom resource is not `editable`: it has values that are not shown, or is of another version than the operators know. */
  readonly notEditable?: string;
}

/** One object that an operator would create, change or delete. */
export interface PlannedChange {
  readonly object: string;
  /** One word: `create`, `change`, `repair`, `adopt`, `recreate`, `remove`, `contested`, `refused`, `terminating`, `skipped`, `unknown`. */
  readonly action: string;
  /** What is to be known of it: `3 pods restart: one after the other`, `waits for step "backends"`. */
  readonly why?: string;
  /** Lines of a unified diff: `+`, `-` or space first, or the head of a part, `@@ -1,7 +1,7 @@`. Empty where there is nothing to compare. */
  readonly diff: readonly string[];
}

/** `POST /api/plan` with a manifest as text/yaml: what would become of it. Changes nothing. */
export interface PlanView {
  readonly changes: readonly PlannedChange[];
  /** What the resource would be refused for, or warned of. */
  readonly problems: readonly string[];
  /** One sentence, as the last line of `capstan plan`. */
  readonly summary: string;
}

/** The body of every answer that is not 2xx. */
export interface Refusal {
  /** What is wrong, where, and what to do. */
  readonly message: string;
  /** With 401 only: what to ask the visitor for, the key of the printed address or a bearer token. */
  readonly login?: 'key' | 'token';
}
