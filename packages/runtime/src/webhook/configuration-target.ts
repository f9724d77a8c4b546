import {
  CustomResourceDefinition,
  type KubeClient,
  type KubeObject,
  type MutatingWebhook,
  MutatingWebhookConfiguration,
  type OwnerReference,
  type ResourceType,
  ValidatingWebhookConfiguration,
} from '@capstan/kube';
import { fieldOf, isRecord } from '../engine/json-value.ts';
import { certificatesIn } from './certificates/serving-material.ts';
import { type AdmissionWebhook, type ConversionWebhook, pathOfWebhook, type Webhook } from './webhook.ts';

/** Where API servers find the webhooks: a Service in the cluster, or a URL for an operator that runs outside. */
export type WebhookAddress =
  | { readonly service: { readonly namespace: string; readonly name: string; readonly port: number } }
  | { readonly url: string };

/** Whom API servers are to trust: certificates (PEM) that the operator names, or those that cert-manager writes in. */
export type Trust = { readonly trusted: readonly string[] } | { readonly injectedFrom: string };

export interface TargetOptions {
  /** The operator's name, which is that of its configurations and of their writer. */
  readonly name: string;
  readonly address: WebhookAddress;
  /** The namespace of the operator, in which no webhook is ever asked: it must not lock itself out. */
  readonly namespace: string;
  /** The namespaces the operator works in; every one but its own unless told. */
  readonly namespaces?: readonly string[] | undefined;
}

export interface MendOptions {
  readonly owners: readonly OwnerReference[];
  readonly signal: AbortSignal;
}

/** An object by which API servers are told of webhooks. */
export interface ConfigurationTarget {
  readonly type: ResourceType;
  readonly name: string;
  /** Without it API servers cannot even read objects, so every replica mends all of it and not only the leader. */
  readonly isVital: boolean;
  /** The kinds it is for; it is not made while none of them is installed. */
  readonly kinds: readonly { readonly group: string; readonly plural: string }[];
  /** What is kept in memory of it. */
  keep(live: KubeObject): KubeObject;
  /** Whether all of it is as it should be. */
  isRight(live: KubeObject, trust: Trust): boolean;
  /** Whether API servers that read it trust these certificates, so that they can call at all. */
  isTrusting(live: KubeObject, trust: Trust): boolean;
  /** Makes it right. Creates it where that is ours to do. */
  mend(client: KubeClient, trust: Trust, options: MendOptions): Promise<KubeObject>;
}

/** How long an API server waits for an answer, in s. */
const timeoutSeconds = 5;

/** Every object that must tell of these webhooks. */
export function configurationTargets(
  webhooks: readonly Webhook[],
  options: TargetOptions,
): readonly ConfigurationTarget[] {
  const admissions = webhooks.filter((webhook) => webhook.role !== 'convert');
  const conversions = webhooks.filter((webhook) => webhook.role === 'convert');
  const byRole = (['validate', 'mutate'] as const).map((role) => admissions.filter((each) => each.role === role));
  return [
    ...byRole.flatMap((group) => (group[0] === undefined ? [] : [admissionTarget(group[0].role, group, options)])),
    ...conversions.map((webhook) => conversionTarget(webhook, options)),
  ];
}

/** `ValidatingWebhookConfiguration` or `MutatingWebhookConfiguration`; a validating webhook is a mutating one with less. */
type WebhookConfiguration = KubeObject & { readonly webhooks: readonly MutatingWebhook[] };

/** A configuration of admission webhooks as it is applied. */
export function webhookConfiguration(
  role: AdmissionWebhook['role'],
  webhooks: readonly AdmissionWebhook[],
  trust: Trust,
  options: TargetOptions,
): WebhookConfiguration {
  const isMutating = role === 'mutate';
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: isMutating ? 'MutatingWebhookConfiguration' : 'ValidatingWebhookConfiguration',
    metadata: {
      name: options.name,
      labels: { 'app.kubernetes.io/managed-by': options.name },
      ...annotationsFor(trust),
    },
    webhooks: webhooks.map((webhook) => ({
      name: `${webhook.kind.plural}.${webhook.kind.group}`,
      admissionReviewVersions: ['v1'],
      clientConfig: clientConfig(options.address, pathOfWebhook(webhook), trust),
      failurePolicy: 'Fail',
      matchPolicy: 'Equivalent',
      matchConditions: [stillWanted],
      namespaceSelector: { matchExpressions: namespaceExpressions(options) },
      ...(isMutating && { reinvocationPolicy: 'IfNeeded' }),
      rules: [ruleOf(webhook)],
      sideEffects: 'None',
      timeoutSeconds,
    })),
  };
}

/** An object that is being deleted must be able to lose its finalizers although nobody answers. */
const stillWanted = {
  name: 'still-wanted',
  expression: "request.operation == 'DELETE' || !has(object.metadata.deletionTimestamp)",
};

function ruleOf({ kind: { group, version, plural, namespaced }, operations }: AdmissionWebhook) {
  const scope = namespaced ? ('Namespaced' as const) : ('Cluster' as const);
  return { apiGroups: [group], apiVersions: [version], operations, resources: [plural], scope };
}

function namespaceExpressions({ namespace, namespaces }: TargetOptions) {
  const key = 'kubernetes.io/metadata.name';
  return [
    { key, operator: 'NotIn', values: [namespace] },
    ...(namespaces === undefined || namespaces.length === 0 ? [] : [{ key, operator: 'In', values: [...namespaces] }]),
  ];
}

function clientConfig(address: WebhookAddress, path: string, trust: Trust) {
  const ca = 'trusted' in trust ? { caBundle: bundleOf(trust.trusted) } : {};
  return 'url' in address ? { url: `${address.url}${path}`, ...ca } : { service: { ...address.service, path }, ...ca };
}

function bundleOf(trusted: readonly string[]): string {
  return Buffer.from(trusted.join('')).toString('base64');
}

function annotationsFor(trust: Trust): { readonly annotations?: Readonly<Record<string, string>> } {
  return 'trusted' in trust ? {} : { annotations: { 'cert-manager.io/inject-ca-from': trust.injectedFrom } };
}

function admissionTarget(
  role: AdmissionWebhook['role'],
  webhooks: readonly AdmissionWebhook[],
  options: TargetOptions,
): ConfigurationTarget {
  const wanted = (trust: Trust) => webhookConfiguration(role, webhooks, trust, options);
  const type: ResourceType = role === 'mutate' ? MutatingWebhookConfiguration : ValidatingWebhookConfiguration;
  return {
    type,
    name: options.name,
    isVital: false,
    kinds: webhooks.map(({ kind }) => kind),
    keep: (live) => kept(live, { webhooks: fieldOf(live, 'webhooks') }),
    isRight: (live, trust) => covers(live, wanted(trust)) && !hasStrangers(live, wanted(trust)),
    isTrusting: (live, trust) => clientConfigsIn(live).every((config) => isTrustedBy(config, trust)),
    mend: (client, trust, { owners, signal }) => {
      const { metadata, ...body } = wanted(trust);
      const owned = { ...metadata, ...(owners.length > 0 && { ownerReferences: owners }) };
      return client.apply(type, { ...body, metadata: owned }, { fieldManager: options.name, force: true, signal });
    },
  };
}

/** The part of a CustomResourceDefinition that says who converts, as a merge patch. */
export function conversionPatch(trust: Trust, { address }: Pick<TargetOptions, 'address'>) {
  const other = 'url' in address ? { service: null } : { url: null };
  const webhook = {
    clientConfig: { ...other, ...clientConfig(address, '/convert', trust) },
    conversionReviewVersions: ['v1'],
  };
  return { metadata: annotationsFor(trust), spec: { conversion: { strategy: 'Webhook', webhook } } };
}

/** The definition itself is the installer's: only its conversion is mended, and it is never created. */
function conversionTarget({ kind }: ConversionWebhook, options: TargetOptions): ConfigurationTarget {
  const name = `${kind.plural}.${kind.group}`;
  return {
    type: CustomResourceDefinition,
    name,
    isVital: true,
    kinds: [kind],
    keep: (live) => kept(live, { spec: { conversion: fieldOf(fieldOf(live, 'spec'), 'conversion') } }),
    isRight: (live, trust) => covers(live, conversionPatch(trust, options)),
    isTrusting: (live, trust) => clientConfigsIn(live).every((config) => isTrustedBy(config, trust)),
    mend: (client, trust, { signal }) => {
      const patch = { kind: 'merge', body: conversionPatch(trust, options) } as const;
      return client.patch(CustomResourceDefinition, { name }, patch, { fieldManager: options.name, signal });
    },
  };
}

function kept(live: KubeObject, fields: object): KubeObject {
  const { name, uid, resourceVersion, labels, annotations, ownerReferences } = live.metadata;
  const metadata = {
    name,
    ...(uid && { uid }),
    ...(resourceVersion && { resourceVersion }),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ...(ownerReferences && { ownerReferences }),
  };
  return { apiVersion: live.apiVersion, kind: live.kind, metadata, ...fields };
}

/** Whether everything that is wanted is there, null being nothing; items with a name are found by it, wherever they stand. */
function covers(live: unknown, wanted: unknown): boolean {
  if (isRecord(wanted)) return Object.entries(wanted).every(([key, value]) => covers(fieldOf(live, key), value));
  if (wanted === null) return live === undefined || live === null;
  if (!Array.isArray(wanted)) return live === wanted;
  if (!Array.isArray(live)) return false;
  return wanted.every((item, index) => {
    const name = fieldOf(item, 'name');
    return covers(name === undefined ? live[index] : live.find((each) => fieldOf(each, 'name') === name), item);
  });
}

/** Webhooks that an earlier version of the operator had: API servers would go on asking for them. */
function hasStrangers(live: KubeObject, wanted: KubeObject): boolean {
  const namesIn = (configuration: KubeObject) => webhooksIn(configuration).map((webhook) => fieldOf(webhook, 'name'));
  const ours = namesIn(wanted);
  return namesIn(live).some((name) => !ours.includes(name));
}

function webhooksIn(live: KubeObject): readonly unknown[] {
  const webhooks = fieldOf(live, 'webhooks');
  return Array.isArray(webhooks) ? webhooks : [];
}

function clientConfigsIn(live: KubeObject): readonly unknown[] {
  const conversion = fieldOf(fieldOf(fieldOf(live, 'spec'), 'conversion'), 'webhook');
  const callers = conversion === undefined ? webhooksIn(live) : [conversion];
  return callers.map((caller) => fieldOf(caller, 'clientConfig'));
}

function isTrustedBy(config: unknown, trust: Trust): boolean {
  if (!('trusted' in trust)) return true;
  const bundle = fieldOf(config, 'caBundle');
  const there = new Set(certificatesIn(Buffer.from(typeof bundle === 'string' ? bundle : '', 'base64').toString()));
  return trust.trusted.every((certificate) => there.has(certificate));
}
