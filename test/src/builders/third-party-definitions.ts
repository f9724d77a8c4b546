import type { CustomResourceDefinition, JSONSchemaProps, ResourceType } from '@capstan/kube';
import {
  Certificate,
  GRPCRoute,
  HTTPRoute,
  Issuer,
  PodMonitor,
  PrometheusRule,
  ScaledObject,
  ServiceMonitor,
  TCPRoute,
  TriggerAuthentication,
} from '@capstan/resources';

/**
 * Small CRDs of kinds that other projects bring along: the fields our builders set, with the defaults, list types and
 * required fields that the real ones have (Prometheus operator 0.8x, cert-manager 1.18, KEDA 2.17, Gateway API 1.4).
 */
const text: JSONSchemaProps = { type: 'string' };
const flag: JSONSchemaProps = { type: 'boolean' };
const whole: JSONSchemaProps = { type: 'integer', format: 'int32' };
const texts = list(text);
const textMap: JSONSchemaProps = { type: 'object', additionalProperties: text };
const free: JSONSchemaProps = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const numberOrText: JSONSchemaProps = { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, text] };

function object(
  properties: Readonly<Record<string, JSONSchemaProps>>,
  required: readonly string[] = [],
): JSONSchemaProps {
  return { type: 'object', properties, ...(required.length > 0 && { required }) };
}

function list(items: JSONSchemaProps, key?: string): JSONSchemaProps {
  return {
    type: 'array',
    items,
    ...(key !== undefined && { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] }),
  };
}

function withDefault(schema: JSONSchemaProps, value: unknown): JSONSchemaProps {
  return { ...schema, default: value } as JSONSchemaProps; // the type has no room for `default`, which the server has
}

const selector = object({ matchLabels: textMap, matchExpressions: list(free) });
const keyRef = object({ name: withDefault(text, ''), key: text, optional: flag }, ['key']);
const endpoint = object({
  port: text,
  path: text,
  interval: text,
  scrapeTimeout: text,
  scheme: text,
  params: { type: 'object', additionalProperties: texts },
  authorization: object({ type: text, credentials: keyRef }),
  tlsConfig: object({ ca: object({ secret: keyRef, configMap: keyRef }), serverName: text, insecureSkipVerify: flag }),
  honorLabels: flag,
  relabelings: list(
    object({
      action: withDefault(text, 'replace'),
      sourceLabels: texts,
      targetLabel: text,
      regex: text,
      replacement: text,
    }),
  ),
});

const parentRef = object(
  {
    group: withDefault(text, 'gateway.networking.k8s.io'),
    kind: withDefault(text, 'Gateway'),
    name: text,
    namespace: text,
    sectionName: text,
    port: whole,
  },
  ['name'],
);
const backendRef = object(
  {
    group: withDefault(text, ''),
    kind: withDefault(text, 'Service'),
    name: text,
    namespace: text,
    port: whole,
    weight: withDefault(whole, 1),
  },
  ['name'],
);
const pathMatch = object({ type: withDefault(text, 'PathPrefix'), value: withDefault(text, '/') });
const everyPath = [{ path: { type: 'PathPrefix', value: '/' } }];
const methodMatch = object({ type: withDefault(text, 'Exact'), service: text, method: text });

function route(matches: JSONSchemaProps | undefined): JSONSchemaProps {
  const rule = object({ name: text, ...(matches !== undefined && { matches }), backendRefs: list(backendRef) });
  return object({ parentRefs: list(parentRef), hostnames: texts, rules: list(rule) });
}

const specs: readonly (readonly [ResourceType, JSONSchemaProps])[] = [
  [
    ServiceMonitor,
    object({ selector, endpoints: list(endpoint), jobLabel: text, targetLabels: texts }, ['endpoints', 'selector']),
  ],
  [PodMonitor, object({ selector, podMetricsEndpoints: list(endpoint) }, ['selector'])],
  [
    PrometheusRule,
    object({
      groups: list(
        object(
          {
            name: text,
            interval: text,
            rules: list(
              object({
                alert: text,
                record: text,
                expr: numberOrText,
                for: text,
                labels: textMap,
                annotations: textMap,
              }),
            ),
          },
          ['name'],
        ),
        'name',
      ),
    }),
  ],
  [
    Certificate,
    object(
      {
        secretName: text,
        issuerRef: object({ name: text, kind: text, group: text }, ['name']),
        dnsNames: texts,
        duration: text,
        privateKey: object({ algorithm: text, size: { type: 'integer' }, rotationPolicy: text }),
      },
      ['issuerRef', 'secretName'],
    ),
  ],
  [
    Issuer,
    object({ selfSigned: object({ crlDistributionPoints: texts }), ca: object({ secretName: text }), acme: free }),
  ],
  [
    ScaledObject,
    object({
      scaleTargetRef: object({ name: text, kind: text, apiVersion: text }, ['name']),
      minReplicaCount: whole,
      maxReplicaCount: whole,
      triggers: list(
        object({ type: text, name: text, metadata: textMap, useCachedMetrics: flag }, ['metadata', 'type']),
      ),
    }),
  ],
  [TriggerAuthentication, object({ secretTargetRef: list(object({ parameter: text, name: text, key: text })) })],
  [
    HTTPRoute,
    route(withDefault(list(object({ path: withDefault(pathMatch, { type: 'PathPrefix', value: '/' }) })), everyPath)),
  ],
  [GRPCRoute, route(list(object({ method: methodMatch })))],
  [TCPRoute, route(undefined)],
];

export const thirdPartyKinds: readonly ResourceType[] = specs.map(([type]) => type);

export const thirdPartyDefinitions: readonly CustomResourceDefinition[] = specs.map(([type, spec]) =>
  definitionOf(type, spec),
);

function definitionOf({ group, version, kind, plural }: ResourceType, spec: JSONSchemaProps): CustomResourceDefinition {
  const approved = 'https://github.com/kubernetes-sigs/gateway-api/pull/3328';
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    // A group of Kubernetes itself needs the mark that its review left.
    metadata: { name: `${plural}.${group}`, annotations: { 'api-approved.kubernetes.io': approved } },
    spec: {
      group,
      names: { kind, plural },
      scope: 'Namespaced',
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: object({ apiVersion: text, kind: text, metadata: { type: 'object' }, spec }) },
        },
      ],
    },
  };
}
