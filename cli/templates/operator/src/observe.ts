import { Deployment } from '@capstan/kube';
import type { CacheReader } from '@capstan/runtime';
import type { SampleApp } from './api/v1alpha1/sample-app.ts';

/** What one pass knows of the world besides the resource itself. */
export interface Observed {
  readonly deployment: Deployment | undefined;
}

/** Every read of one pass, from memory: no request is made. */
export function observe({ metadata }: SampleApp, cache: CacheReader): Observed {
  return { deployment: cache.get(Deployment, { namespace: metadata.namespace, name: metadata.name }) };
}
