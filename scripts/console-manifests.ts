import { readFileSync } from 'node:fs';
import type { Deployment, Draft, KubeObject, Namespace, NetworkPolicy, Service, ServiceAccount } from '@capstan/kube';
import { restrictedContainer, restrictedPod } from '@capstan/resources';
import { type GeneratedFile, yamlFile } from './deploy/generated-file.ts';

const name = 'capstan-console';
const namespace = 'capstan-console';
const port = 8001;
const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'capstan' };
const selector = { 'app.kubernetes.io/name': name };
const metadata = { name, namespace, labels };

/** `deploy/console/console.yaml`. */
export function consoleFile(): GeneratedFile {
  return yamlFile('deploy/console/console.yaml', consoleManifests(), [
    'A console that many use: each visitor brings a bearer token, and may see what they may see by kubectl.',
    'kubectl port-forward -n capstan-console service/capstan-console 8001:80, or an Ingress with TLS in front.',
  ]);
}

/**
 * A console in a cluster, in which each visitor acts with a token of their own. Its own account is given no permission, and
 * the pod not even its token: who signed the API server's certificate is all that it needs to know.
 */
export function consoleManifests(): readonly Draft<KubeObject>[] {
  return [namespaceManifest(), serviceAccount(), service(), networkPolicy(), consoleDeployment()];
}

function namespaceManifest(): Draft<Namespace> {
  const enforced = { ...labels, 'pod-security.kubernetes.io/enforce': 'restricted' };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: enforced } };
}

function serviceAccount(): Draft<ServiceAccount> {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false };
}

function service(): Draft<Service> {
  const ports = [{ name: 'http', port: 80, targetPort: 'http' }];
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector, ports } };
}

/** API servers listen on 443 or 6443; whatever else a visitor's manifest names is not asked from here. */
function networkPolicy(): Draft<NetworkPolicy> {
  const tcp = (each: number) => ({ protocol: 'TCP', port: each }) as const;
  const dns = [{ protocol: 'UDP', port: 53 } as const, tcp(53)];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata,
    spec: {
      podSelector: { matchLabels: selector },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports: [{ protocol: 'TCP', port: 'http' }] }],
      egress: [{ ports: [tcp(443), tcp(6443)] }, { ports: dns }],
    },
  };
}

/** The pod of the console: restricted, without an account that could do anything. */
export function consoleDeployment(): Draft<Deployment> {
  const probe = { httpGet: { path: '/', port: 'http' }, timeoutSeconds: 5 };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      // Watches are kept for each visitor: a second pod would keep them twice.
      replicas: 1,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: restrictedPod({ uid: 65532, gid: 65532 }),
          containers: [
            {
              name: 'console',
              image: `capstan/capstan:${version()}`,
              imagePullPolicy: 'IfNotPresent',
              args: [
                'console',
                '--token-mode',
                '--bind=0.0.0.0',
                `--port=${port}`,
                '--certificate-authority=/etc/kubernetes-ca/ca.crt',
              ],
              ports: [{ name: 'http', containerPort: port }],
              livenessProbe: { ...probe, periodSeconds: 20 },
              readinessProbe: { ...probe, periodSeconds: 10 },
              resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
              securityContext: restrictedContainer,
              terminationMessagePolicy: 'FallbackToLogsOnError',
              volumeMounts: [{ name: 'ca', mountPath: '/etc/kubernetes-ca', readOnly: true }],
            },
          ],
          // Kubernetes puts it into every namespace.
          volumes: [{ name: 'ca', configMap: { name: 'kube-root-ca.crt' } }],
        },
      },
    },
  };
}

/** The image is that of the command, and has its version. */
function version(): string {
  const file = new URL('../cli/package.json', import.meta.url);
  const { version: found }: { version: unknown } = JSON.parse(readFileSync(file, 'utf8'));
  return String(found);
}
