import type { Service } from '@capstan/kube';

/** Which Services the watch brings: routers of Druid clusters, as the Druid operator labels them. */
export const routerSelector = 'druid_cr,component=router';

/** The Druid cluster that a router Service belongs to. */
export function clusterOf({ metadata: { labels } }: Pick<Service, 'metadata'>): string | undefined {
  return labels?.['druid_cr'];
}

/** The part of a router Service that is looked at. */
export function leanService({ apiVersion, kind, metadata, spec }: Service): Service {
  const { name, namespace, uid, resourceVersion, labels } = metadata;
  return {
    ...{ apiVersion, kind },
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(labels !== undefined && { labels }),
    },
    ...(spec?.ports !== undefined && { spec: { ports: spec.ports } }),
  };
}

/**
 * The address of a cluster's router; `undefined` when no Service has its labels. Of several, the first by name.
 *
 * @param isTls the certificate is to be verified by a CA of the user's, so TLS is meant
 */
export function routerUrl(services: readonly Service[], cluster: string, isTls: boolean): string | undefined {
  const [router] = services
    .filter((service) => clusterOf(service) === cluster && (service.spec?.ports ?? []).length > 0)
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  if (router === undefined) return undefined;
  const ports = router.spec?.ports ?? [];
  const port = (isTls ? ports.find(speaksTls) : ports.find((each) => !speaksTls(each))) ?? ports[0];
  if (port === undefined) return undefined;
  const { name, namespace } = router.metadata;
  const scheme = isTls || speaksTls(port) ? 'https' : 'http';
  return `${scheme}://${name}.${namespace}.svc:${port.port}`;
}

/** The ports that Druid serves TLS on unless told, and what a Service says of its ports. */
function speaksTls({ port, name = '', appProtocol = '' }: Port): boolean {
  return appProtocol.toLowerCase() === 'https' || /https|tls/i.test(name) || port === 443 || port === 9088;
}

type Port = NonNullable<NonNullable<Service['spec']>['ports']>[number];
