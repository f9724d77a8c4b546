import { isAllowedHost } from '../druid/allowed-hosts.ts';

/**
 * Why an address may not be asked, or `undefined` when it may.
 *
 * @param allowed hosts that the operator allows: names, `*.` and the end of one, addresses, ranges of addresses
 */
export function endpointProblem(text: string, allowed: readonly string[]): string | undefined {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    return 'spec.endpoint.url is no address of the form http://host:port or https://host:port';
  if (url.username !== '' || url.password !== '')
    return 'spec.endpoint.url holds credentials: put them into a Secret that spec.auth names';
  if (isAllowedHost(url, allowed)) return undefined;
  return `spec.endpoint.url names ${url.hostname}, which the operator may not ask; its flag --allow-endpoint would allow it. Without the field, the router Service of the cluster is asked`;
}
