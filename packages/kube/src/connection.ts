/** A client certificate with its private key, both PEM. Never logged. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What one request carries to prove who sends it. */
export interface Credentials {
  /**
   * Extra headers, lower-case: `authorization`, and `impersonate-*` where the kubeconfig asks for it. A list is sent as
   * one header line per value, never joined: the API server reads each `impersonate-group` line as one group.
   */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly clientCertificate?: ClientCertificate;
}

/** Where credentials come from: fixed, a file that rotates, or a program that is run. */
export interface CredentialSource {
  /** The credentials to use now; read again from file or program when they have expired. */
  current(): Promise<Credentials>;
  /** Forgets what is cached, after a 401. Resolves true when `current()` may now answer differently. */
  renew(): Promise<boolean>;
}

/** Everything needed to reach one API server as one identity. */
export interface Connection {
  /** Absolute URL without trailing slash; may have a path. */
  readonly server: string;
  /** PEM bundle to trust at this moment; read again when the file behind it rotates. Absent: the system's roots. */
  readonly certificateAuthority: () => Promise<string | undefined>;
  readonly insecureSkipTlsVerify: boolean;
  readonly tlsServerName?: string;
  /** `http://`, `https://` or `socks5://` proxy to reach the server through. */
  readonly proxyUrl?: string;
  /** The namespace used where none is named; `default` unless the context says so. */
  readonly namespace: string;
  readonly credentials: CredentialSource;
}
