import { Deployment } from '@capstan/kube';
import { conditionOf } from '@capstan/runtime';
import { profileAnnotation } from '../children/proxy.ts';
import { namesOf, namespaceOf } from '../names.ts';
import type { Guard } from './guard.ts';

/** Every port, and where prism-admin keeps its namespaces, is the profile's; before there was anything to lose it may be another one. */
export const profileMustNotChange: Guard = (cluster, { live }) => {
  const { spec, status } = cluster;
  if (conditionOf(status?.conditions, 'Initialized')?.status === 'False') return undefined;
  const metadata = { name: namesOf(cluster).proxy, namespace: namespaceOf(cluster) };
  const proxies = live({ apiVersion: 'apps/v1', kind: Deployment.kind, metadata });
  const runs = proxies?.metadata.annotations?.[profileAnnotation];
  if (runs === undefined || runs === spec.profile) return undefined;
  const message =
    `spec.profile is ${spec.profile}, but the cluster runs as ${runs}: its proxies and prism-admin would move to other ports, where nobody looks for them, ` +
    `and prism-admin would look for its namespaces elsewhere. Set it back to ${runs}. For the other profile make a cluster of another name and move clients there, ` +
    'or set what is to be different (image, command, args, port) in the component itself';
  return { reason: 'ProfileChangeRefused', message };
};
