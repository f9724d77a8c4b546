import {
  type Clock,
  CustomResourceDefinition,
  type KubeClient,
  type KubeObject,
  type ReflectorProblem,
  type ResourceType,
} from '@capstan/kube';
import { Informer } from './informer.ts';

export interface CrdWatchOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly onProblem: (problem: ReflectorProblem) => void;
}

/** Watches the one CustomResourceDefinition of a kind, metadata only: whether it is installed. */
export class CrdWatch {
  readonly informer: Informer<KubeObject>;
  readonly #handlers: ((isInstalled: boolean) => void)[] = [];

  constructor(type: ResourceType, options: CrdWatchOptions) {
    this.informer = new Informer<KubeObject>({
      ...options,
      type: CustomResourceDefinition,
      mode: 'metadata',
      namespace: undefined,
      fieldSelector: `metadata.name=${crdNameOf(type)}`,
      admit: (crd) => ({ keep: crd, quiet: false }),
    });
    this.informer.onChange(({ before, after }) => this.#changed(before, after));
  }

  /** False also while it is being removed: its objects go first, and new ones are refused. */
  get isInstalled(): boolean {
    for (const crd of this.informer.store.values()) if (isStanding(crd)) return true;
    return false;
  }

  /** Told when the definition comes or goes. One that was replaced goes and comes. */
  onChange(handler: (isInstalled: boolean) => void): void {
    this.#handlers.push(handler);
  }

  #changed(before: KubeObject | undefined, after: KubeObject | undefined): void {
    const [was, is] = [isStanding(before), isStanding(after)];
    if (was && (!is || before?.metadata.uid !== after?.metadata.uid)) this.#tell(false);
    if (is && (!was || before?.metadata.uid !== after?.metadata.uid)) this.#tell(true);
  }

  #tell(isInstalled: boolean): void {
    for (const handler of this.#handlers) handler(isInstalled);
  }
}

/** `servicemonitors.monitoring.coreos.com`: how the definition of a kind is called. */
export function crdNameOf({ plural, group }: ResourceType): string {
  return `${plural}.${group}`;
}

function isStanding(crd: KubeObject | undefined): boolean {
  return crd !== undefined && crd.metadata.deletionTimestamp === undefined;
}
