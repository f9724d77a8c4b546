import { ApiError, TransportError } from '@capstan/kube';
import { closestNames } from '../explain/closest-names.ts';
import { UserError } from '../failure.ts';
import type { ClusterRef } from './cluster-view.ts';

/** Where something was asked for. */
export interface AskedAt {
  /** Address of the API server. */
  readonly server: string;
  /** Absent: every namespace. */
  readonly namespace?: string;
}

/** Makes a sentence with what to do of the refusals that people meet; any other error stays as it is. */
export function asSentence(error: unknown, { server, namespace }: AskedAt): unknown {
  if (error instanceof TransportError)
    return new UserError(
      `${server} cannot be reached (${error.message}): see that the cluster runs and that the kubeconfig names it; --context chooses another`,
    );
  if (!(error instanceof ApiError)) return error;
  const where = namespace === undefined ? 'in every namespace' : `in namespace ${namespace}`;
  if (error.isNotFound)
    return new UserError(
      `${server} does not know the kind PrismCluster: install its definition, kubectl apply -f deploy/crds/prism.io_prismclusters.yaml, and the operator`,
    );
  if (error.status === 401)
    return new UserError(`${server} does not know who you are: renew the credentials of your kubeconfig`);
  if (error.status === 403)
    return new UserError(
      `you may not list prismclusters.prism.io ${where}: ask for get, list and watch of it${namespace === undefined ? ', or name a namespace with -n' : ''}`,
    );
  return error;
}

/**
 * There is no cluster of a name.
 * @param others that may be seen, in the same namespace first
 */
export function noSuchCluster({ namespace, name }: ClusterRef, others: readonly ClusterRef[]): UserError {
  const here = others.filter((other) => other.namespace === namespace).map((other) => other.name);
  const elsewhere = others.filter((other) => other.name === name).map((other) => `-n ${other.namespace}`);
  const near = closestNames(name, here);
  const hint =
    near.length > 0
      ? `did you mean ${near.join(' or ')}?`
      : elsewhere.length > 0
        ? `there is one elsewhere: ${elsewhere.slice(0, 3).join(', ')}`
        : here.length > 0
          ? `there are ${here.slice(0, 10).join(', ')}`
          : 'prismctl kubernetes get -A shows all there are';
  return new UserError(`there is no PrismCluster ${name} in namespace ${namespace}: ${hint}`);
}
