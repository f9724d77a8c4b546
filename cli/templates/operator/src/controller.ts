import { ConfigMap, Deployment, Service } from '@capstan/kube';
import { type Controller, controller, owned, ownedWithStatus } from '@capstan/runtime';
import { SampleApp } from './api/v1alpha1/sample-app.ts';
import { reconcileSampleApp } from './reconciler.ts';

export interface SampleAppControllerOptions {
  /** Sample apps worked on at the same time; the runtime's default unless told. */
  readonly concurrency?: number;
}

/** Every kind it makes stands here; permissions and watches follow from it. Only the Deployment's status is read. */
export function sampleAppController({ concurrency }: SampleAppControllerOptions = {}): Controller {
  return controller(SampleApp, {
    name: 'sample-app-operator',
    owns: [owned(ConfigMap), owned(Service), ownedWithStatus(Deployment)],
    reconcile: reconcileSampleApp,
    ...(concurrency !== undefined && { concurrency }),
  });
}

/** What `capstan plan --operator src/controller.ts` works with. */
export const controllers: readonly Controller[] = [sampleAppController()];
