import type { Lease } from '@capstan/kube';
import { FakeClock } from '@capstan/testkit';
import { createLogger } from '../log.ts';
import { type Election, LeadershipLost, type Tenure, unopposed } from './leadership.ts';
import type { LeasePlace, LeaseSight, LeaseWitness } from './lease-sight.ts';
import type { Rival } from './rival.ts';
import { RivalCensus } from './rival-census.ts';
import { RivalWatch } from './rival-watch.ts';
import { YieldingElection } from './yielding-election.ts';

export const rival: Rival = { lease: 'old-operator-lock', what: 'the old operator' };

/** Leases as an API server has them, and who may look at which. */
export class LeasesInSight implements LeaseSight {
  readonly #followers = new Set<{
    readonly place: LeasePlace;
    readonly witness: LeaseWitness;
    readonly end: () => void;
  }>();
  readonly #leases = new Map<string, Lease>();
  readonly #mayLook: (namespace: string | undefined) => boolean;
  #version = 0;

  constructor(mayLook: (namespace: string | undefined) => boolean = () => true) {
    this.#mayLook = mayLook;
  }

  /** The places somebody looks at now; `*` for all namespaces. */
  get watched(): readonly string[] {
    return [...this.#followers].map(({ place }) => place.namespace ?? '*');
  }

  /** What a process writes that takes or renews its lease; `''` is what one writes that releases it. */
  renew(namespace: string, holderIdentity: string, leaseDurationSeconds = 15): void {
    this.#version += 1;
    const resourceVersion = String(this.#version);
    const lease: Lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { namespace, name: rival.lease, uid: namespace, resourceVersion },
      spec: { holderIdentity, leaseDurationSeconds, renewTime: `renewal ${resourceVersion}` },
    };
    this.#leases.set(namespace, lease);
    this.#announce(namespace, lease);
  }

  delete(namespace: string): void {
    this.#leases.delete(namespace);
    this.#announce(namespace, undefined);
  }

  /** Takes the permission away from those who look. */
  forbid(): void {
    for (const { end } of this.#followers) end();
  }

  async follow(place: LeasePlace, witness: LeaseWitness, signal: AbortSignal): Promise<'stopped' | 'forbidden'> {
    if (!this.#mayLook(place.namespace)) return 'forbidden';
    const over = Promise.withResolvers<'stopped' | 'forbidden'>();
    const follower = { place, witness, end: () => over.resolve('forbidden') };
    this.#followers.add(follower);
    signal.addEventListener('abort', () => over.resolve('stopped'), { once: true });
    for (const [namespace, lease] of this.#leases) if (isAt(place, namespace)) witness.saw(namespace, lease, false);
    witness.looked();
    const end = await over.promise;
    this.#followers.delete(follower);
    return end;
  }

  #announce(namespace: string, lease: Lease | undefined): void {
    for (const { place, witness } of this.#followers) if (isAt(place, namespace)) witness.saw(namespace, lease, true);
  }
}

function isAt({ namespace: wanted }: LeasePlace, namespace: string): boolean {
  return wanted === undefined || wanted === namespace;
}

export interface YieldingProcessOptions {
  readonly sight?: LeasesInSight;
  readonly namespaces?: readonly string[];
  readonly elect?: () => Election;
}

/** A process that yields to rivals, with a clock that stands still. */
export class YieldingProcess {
  readonly clock = new FakeClock();
  readonly sight: LeasesInSight;
  readonly census = new RivalCensus([rival]);
  readonly lines: Record<string, unknown>[] = [];
  readonly #stop = new AbortController();
  readonly campaign: Promise<Tenure | undefined>;
  tenure: Tenure | undefined;

  constructor({ sight = new LeasesInSight(), namespaces = [], elect = () => unopposed }: YieldingProcessOptions = {}) {
    this.sight = sight;
    const { clock, census } = this;
    const log = createLogger({
      level: 'info',
      destination: { write: (line) => void this.lines.push(JSON.parse(line)) },
    });
    const watch = new RivalWatch({ census, sight, namespaces, ownNamespaces: ['mine', 'mine', 'work'], clock, log });
    const election = new YieldingElection({ census, watch, elect, clock, log });
    this.campaign = election.campaign(this.#stop.signal).then(
      (tenure) => {
        this.tenure = tenure;
        return tenure;
      },
      () => undefined,
    );
  }

  get leads(): boolean {
    return this.tenure?.isHeld ?? false;
  }

  /** Why leadership was lost; `''` while it was not. */
  get lastWords(): string {
    const reason: unknown = this.tenure?.lost.reason;
    return reason instanceof LeadershipLost ? reason.message : '';
  }

  said(level: string): readonly string[] {
    return this.lines.filter((line) => line['level'] === level).map(({ msg }) => String(msg));
  }

  tellToStop(): void {
    this.#stop.abort(new Error('told to stop'));
  }

  async stop(): Promise<void> {
    this.tellToStop();
    await this.campaign;
    await this.tenure?.release();
  }
}
