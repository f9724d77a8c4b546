import { heldIn } from '../converge/held.ts';
import { druidAddress } from '../druid/druid-address.ts';
import type { Guard } from './guard.ts';

/** The API server refuses this already, unless the CRD there is an older one: what is in the other Druid would run on unseen. */
export const endpointMustStay: Guard = ({ spec, status = {} }) => {
  if (heldIn(status) === undefined) return undefined;
  const [is, was] = [spec.endpoint?.url, status.endpointUrl];
  if (is === was || (is !== undefined && was !== undefined && druidAddress(is) === druidAddress(was))) return undefined;
  const place = was === undefined ? 'the one behind the router of spec.druidCluster' : `that at ${was}`;
  const message = `spec.endpoint.url names another Druid than ${place}, which has what belongs to this resource. Put it back, or delete this resource and make another one`;
  return { reason: 'EndpointChanged', message };
};
