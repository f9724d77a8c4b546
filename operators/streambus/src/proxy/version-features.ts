/** The HAProxy versions a configuration can be written for. */
export const haproxyVersions = ['2.6', '2.8', '3.0', '3.2'] as const;

export type HaproxyVersion = (typeof haproxyVersions)[number];

/** The version that is used unless told. */
export const defaultHaproxyVersion: HaproxyVersion = '3.2';

/** The image that is used unless told, of that version. */
export const defaultHaproxyImage = 'docker.io/library/haproxy:3.2.26';

/** What not every version can do. */
export interface HaproxyFeatures {
  /** Bandwidth per tenant. */
  readonly bandwidthLimits: boolean;
  /** Whether a name in an access list may be an alternative name of the certificate: `DNS:...` or `URI:...`. */
  readonly subjectAlternativeNames: boolean;
  /** A limit of its own for TLS handshakes, in place of the one for idle connections. */
  readonly handshakeTimeout: boolean;
}

const features: Readonly<Record<HaproxyVersion, HaproxyFeatures>> = {
  '2.6': { bandwidthLimits: false, subjectAlternativeNames: false, handshakeTimeout: false },
  '2.8': { bandwidthLimits: true, subjectAlternativeNames: false, handshakeTimeout: false },
  '3.0': { bandwidthLimits: true, subjectAlternativeNames: false, handshakeTimeout: true },
  '3.2': { bandwidthLimits: true, subjectAlternativeNames: true, handshakeTimeout: true },
};

/** What a version can do. What it cannot is left out of its configuration; whoever wanted it has to be told. */
export function featuresOf(version: HaproxyVersion): HaproxyFeatures {
  return features[version];
}
