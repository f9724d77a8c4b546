/** Another operator for the same resources, known by the Lease it leads with. */
export interface Rival {
  /** Name of its Lease, in whatever namespace it runs: `streambus-operator-lock`. */
  readonly lease: string;
  /** What people call it, as part of a sentence: `the original StreamBus operator`. */
  readonly what: string;
}

/** A rival that leads, as far as its Lease tells. */
export interface RivalHolder {
  readonly rival: Rival;
  /** Of its Lease, and so of its process. */
  readonly namespace: string;
  /** By its own words, cut to 128 characters: anybody may have written them. */
  readonly holder: string;
  /** Whether it was seen to renew or take its Lease; else it may have died with the Lease in its hand. */
  readonly isAlive: boolean;
}

/** Who that is, for people: `the original StreamBus operator (Lease streambus/streambus-operator-lock, held by "pod-1")`. */
export function describeRival({ rival, namespace, holder }: RivalHolder): string {
  return `${rival.what} (Lease ${namespace}/${rival.lease}, held by "${holder}")`;
}
