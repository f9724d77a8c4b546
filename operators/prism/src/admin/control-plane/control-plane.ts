/** What a namespace is created with, or changed to. */
export interface NamespaceRequest {
  /** Its name in Prism; never empty, because prism-admin would take that. */
  readonly name: string;
  /** Id of the proxy that asks for it; prism-admin notes it. */
  readonly requestingProxy: string;
  /** On whose behalf; prism-admin notes it. */
  readonly principal: string;
  readonly patterns: readonly string[];
  /** All that prism-admin keeps of a namespace. It replaces what was there. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A proxy that prism-admin is told of. There is no way to take one back, so ids have to be stable. */
export interface ProxyRequest {
  /** Never empty, because prism-admin would take that, and give it partitions. */
  readonly id: string;
  /** `host:port`. */
  readonly address: string;
}

/** Where a namespace was put. */
export interface Placed {
  readonly partition: number;
  readonly proxy: string;
}

/** Both ends belong to it. */
export interface PartitionRange {
  readonly start: number;
  readonly end: number;
}

/** A namespace as prism-admin shows it to a proxy. */
export interface ShownNamespace {
  readonly name: string;
  readonly partition: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a proxy is told: which partitions are its own, and which namespaces are in them. */
export interface Registered {
  readonly ranges: readonly PartitionRange[];
  readonly namespaces: readonly ShownNamespace[];
}

/** What came of a call. Messages stay the same while the cause does, so that they can stand in a status. */
export type Answer<T> = { readonly kind: 'Accepted'; readonly value: T } | Failure;

/** Why a call was not accepted. */
export type Failure =
  /** No proxy is registered that could have the partition of the namespace. */
  | { readonly kind: 'WaitingForProxy'; readonly message: string }
  /** prism-admin is there, and cannot write: it has no leader, or lost its quorum. */
  | { readonly kind: 'NoLeader'; readonly message: string }
  /** No answer came, or no connection. Whether the call was carried out is not known; to say it again does no harm. */
  | { readonly kind: 'Unreachable'; readonly message: string }
  /** It was answered with a no that the same call would get again. */
  | { readonly kind: 'Refused'; readonly message: string };

/** The calls to one prism-admin that the operator makes. They never reject, but for an aborted signal. */
export interface ControlPlane {
  /**
   * Creates a namespace, or replaces what is known of it.
   * @throws {RangeError} for an empty name
   */
  createNamespace(request: NamespaceRequest, signal: AbortSignal): Promise<Answer<Placed>>;
  /**
   * Tells of a proxy, and reads the namespaces of its partitions: the only read there is. It must not run while any other call
   * does: prism-admin dies of that.
   * @throws {RangeError} for an empty id
   */
  registerProxy(request: ProxyRequest, signal: AbortSignal): Promise<Answer<Registered>>;
  /** Ends the connection. No call may follow. */
  close(): void;
}

/** Opens a connection to the prism-admin at an address (`host:port`). Nothing is sent before the first call. */
export type Dial = (address: string) => ControlPlane;
