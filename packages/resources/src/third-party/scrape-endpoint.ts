import type { SecretKeySelector } from '@capstan/kube';

/** A file of the Prometheus server, which whoever may write a monitor could otherwise have sent to any address. */
const fileFields: readonly string[] = ['bearerTokenFile', 'caFile', 'certFile', 'keyFile'];

/** How targets are scraped, as far as Services and pods have it in common. Intervals are like `30s`, `1m`. */
export interface ScrapeEndpoint {
  /** The port's name. */
  readonly port: string;
  /** `/metrics` unless told. */
  readonly path?: string;
  readonly interval?: string;
  readonly scrapeTimeout?: string;
  readonly scheme?: 'http' | 'https';
  readonly params?: Readonly<Record<string, readonly string[]>>;
  /** A token out of a Secret; there is no way to name a file, on purpose. */
  readonly authorization?: { readonly type?: string; readonly credentials: SecretKeySelector };
  readonly tlsConfig?: ScrapeTls;
  readonly honorLabels?: boolean;
  readonly relabelings?: readonly Relabeling[];
  readonly metricRelabelings?: readonly Relabeling[];
}

/** Which certificates a scrape trusts and shows, out of Secrets and ConfigMaps. */
export interface ScrapeTls {
  readonly ca?: { readonly secret?: SecretKeySelector; readonly configMap?: SecretKeySelector };
  readonly cert?: { readonly secret?: SecretKeySelector; readonly configMap?: SecretKeySelector };
  readonly keySecret?: SecretKeySelector;
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
}

/** One step that rewrites labels. See https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config. */
export interface Relabeling {
  readonly action?: string;
  readonly sourceLabels?: readonly string[];
  readonly separator?: string;
  readonly targetLabel?: string;
  readonly regex?: string;
  readonly modulus?: number;
  readonly replacement?: string;
}

/** Which namespaces a monitor looks into; its own unless told. */
export interface NamespaceSelector {
  readonly any?: boolean;
  readonly matchNames?: readonly string[];
}

/** What is wrong with endpoints: fields that read a file of the Prometheus server, which their type has not. */
export function endpointProblems(endpoints: readonly ScrapeEndpoint[], path: string): readonly string[] {
  if (endpoints.length === 0) return [`${path}: there is none, so nothing would be scraped`];
  return endpoints.flatMap((endpoint, index) =>
    [
      ...fileFieldsIn(endpoint).map((field) => `${path}[${index}].${field}`),
      ...fileFieldsIn(endpoint.tlsConfig ?? {}).map((field) => `${path}[${index}].tlsConfig.${field}`),
    ].map((at) => `${at}: reads a file of the Prometheus server: give a Secret instead`),
  );
}

function fileFieldsIn(fields: object): readonly string[] {
  return fileFields.filter((field) => field in fields);
}
