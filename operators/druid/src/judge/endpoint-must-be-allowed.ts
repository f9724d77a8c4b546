import { endpointProblem } from '../connection/allowed-endpoint.ts';
import type { Guard } from './guard.ts';

/** A free address would have the operator call any host from inside, with credentials. */
export const endpointMustBeAllowed: Guard = ({ spec }, _observed, { allowedEndpoints }) => {
  const url = spec.endpoint?.url;
  const problem = url === undefined ? undefined : endpointProblem(url, allowedEndpoints);
  return problem === undefined ? undefined : { reason: 'EndpointNotAllowed', message: problem };
};
