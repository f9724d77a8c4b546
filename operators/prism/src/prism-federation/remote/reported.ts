import { isMap } from './covers.ts';
import { shortened } from './shortened.ts';

/** What a PrismCluster elsewhere says of itself, as far as it can be used. */
export interface Reported {
  /** At most 64 characters. */
  readonly phase?: string;
  /** Whether its proxies serve; absent while nothing is said of them. */
  readonly serves?: boolean;
}

/** Reads the status of a PrismCluster elsewhere. The CRD there may be any: what has not the expected shape counts as not said. */
export function reportedBy({ status }: { readonly status?: unknown } = {}): Reported {
  if (!isMap(status)) return {};
  const { phase, conditions } = status;
  const found = Array.isArray(conditions) ? conditions.filter(isMap) : [];
  const told = found.find(({ type }) => type === 'ProxyHealthy')?.['status'];
  return {
    ...(typeof phase === 'string' && { phase: shortened(phase, 64) }),
    ...(typeof told === 'string' && { serves: told === 'True' }),
  };
}
