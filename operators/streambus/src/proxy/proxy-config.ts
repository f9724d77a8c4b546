import { accessLists, limitMaps, specialKeys } from './access-files.ts';
import { bandwidthClasses } from './bandwidth-classes.ts';
import { encodeName } from './certificate-name.ts';
import {
  type AccessPolicy,
  connectionsOf,
  type ProxyDirectories,
  type ProxySettings,
  proxyDirectories,
  type TenantPolicy,
} from './proxy-settings.ts';
import { featuresOf, type HaproxyVersion } from './version-features.ts';

/**
 * The file names of the server's certificate, of its key as HAProxy looks for it, and of who signs clients.
 *
 * HAProxy 2.6 replaces no certificate whose name ends with `.crt` while it runs.
 */
export const tlsFiles = { certificate: 'tls.pem', key: 'tls.pem.key', authorities: 'ca.crt' } as const;

/** The socket that HAProxy takes commands from, inside {@link ProxyDirectories.run}. */
export const runtimeSocketFile = 'admin.sock';

/** The socket that HAProxy's master takes commands from, in the same place. */
export const masterSocketFile = 'master.sock';

/** More than the limit, so that connections above it are refused at once and probes are always answered. */
const spareConnections = 100;

/** ECDHE and AEAD only, for TLS 1.2; those of TLS 1.3 all are. */
const ciphers = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/**
 * The `haproxy.cfg` that stands in front of one broker. The environment has to have the pod's address in `POD_IP`.
 *
 * Nothing that a user may name is in it: names are in the files of `renderAccessFiles`, which change without a restart.
 * Another text means that HAProxy has to be restarted. What the version cannot do is left out (`featuresOf`).
 */
export function renderProxyConfig(settings: ProxySettings, directories: ProxyDirectories = proxyDirectories): string {
  const sections = [
    globalSection(settings, directories),
    defaultsSection(settings),
    clientsSection(settings, directories),
    brokerSection(settings),
    ...tableSections(settings),
    readySection(settings),
  ];
  return `${sections.map(section).join('\n\n')}\n`;
}

function section([title, ...body]: readonly string[]): string {
  return [title, ...body.map((line) => `  ${line}`)].join('\n');
}

function globalSection(settings: ProxySettings, { run }: ProxyDirectories): readonly string[] {
  return [
    'global',
    'log stdout format raw local0 info',
    `maxconn ${connectionsOf(settings) + 2 * spareConnections}`,
    // As many as the node has processors unless told, each with memory of its own.
    'nbthread 2',
    `stats socket "${run}/${runtimeSocketFile}" mode 600 level admin`,
    'ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets',
    `ssl-default-bind-ciphers ${ciphers}`,
    // A resumed session would bring in a client whose authority has been taken off the list since.
    'tune.ssl.cachesize 0',
  ];
}

function defaultsSection({ version }: ProxySettings): readonly string[] {
  return [
    'defaults',
    'mode tcp',
    'log global',
    'timeout connect 3s',
    ...(featuresOf(version).handshakeTimeout ? ['timeout client-hs 10s'] : []),
    // Clients that wait for messages are silent for long; those that are gone do not answer the keepalive.
    'timeout client 1h',
    'timeout server 1h',
    'timeout client-fin 5s',
    'option clitcpka',
    'clitcpka-idle 60s',
    'clitcpka-intvl 10s',
    'clitcpka-cnt 3',
  ];
}

function clientsSection(settings: ProxySettings, directories: ProxyDirectories): readonly string[] {
  const { version, clientPort, clients } = settings;
  const { tls, access } = directories;
  const isNamed = clients.certificates === 'Required';
  const verify = isNamed ? ` ca-file "${tls}/${tlsFiles.authorities}" verify required` : '';
  return [
    'frontend clients',
    `bind "\${POD_IP}:${clientPort}" ssl crt "${tls}/${tlsFiles.certificate}"${verify}`,
    `maxconn ${connectionsOf(settings) + spareConnections}`,
    `log-format "%ci:%cp ${isNamed ? 'tenant=%[var(sess.tenant)] ' : ''}%ts %B %Tw/%Tc/%Tt"`,
    'error-log-format "%ci:%cp %[fc_err_str] %[ssl_fc_err_str] verify=%[ssl_c_err]"',
    ...brokerLimit(access),
    ...(isNamed ? tenantName() : []),
    ...(isNamed && clients.access !== undefined ? accessRules(clients.access, version, access) : []),
    ...(isNamed && clients.tenants !== undefined ? connectionLimits(access) : []),
    ...(isNamed && clients.tenants !== undefined ? bandwidthLimits(clients.tenants, version, access) : []),
    'default_backend broker',
  ];
}

function brokerLimit(access: string): readonly string[] {
  return [
    `tcp-request connection set-var(sess.most) str(${specialKeys.broker}),map_str_int("${access}/${limitMaps.connections}",0)`,
    'tcp-request connection reject if { var(sess.most) -m int gt 0 } { fe_conn,sub(sess.most) gt 0 }',
  ];
}

function tenantName(): readonly string[] {
  return [
    `tcp-request session set-var(sess.tenant) str(${specialKeys.unnamed})`,
    'tcp-request session set-var(sess.tenant) ssl_c_s_dn(cn),url_enc if { ssl_c_s_dn(cn) -m found }',
  ];
}

function accessRules({ defaultPolicy }: AccessPolicy, version: HaproxyVersion, directory: string): readonly string[] {
  const files = accessLists[defaultPolicy];
  const verdict = defaultPolicy === 'deny' ? 'unless' : 'if';
  const byName = `{ var(sess.tenant) -m str -f "${directory}/${files.names}" }`;
  if (!featuresOf(version).subjectAlternativeNames) return [`tcp-request session reject ${verdict} ${byName}`];
  const byAlternativeName = `{ var(sess.sans) -m sub -f "${directory}/${files.alternativeNames}" }`;
  return [...alternativeNames(), `tcp-request session reject ${verdict} ${byName} or ${byAlternativeName}`];
}

/** How OpenSSL begins an alternative name of each kind. */
const kindsOfNames = [
  'DNS',
  'URI',
  'email',
  'IP Address',
  'Registered ID',
  'othername',
  'DirName',
  'X400Name',
  'EdiPartyName',
];

/**
 * HAProxy gives the alternative names as one text, `DNS:a, URI:b`, whatever is inside them. Here it becomes `|DNS%3Aa|URI%3Ab|`,
 * where only a separator is a `|`.
 *
 * A certificate with a name that imitates a separator is refused, as is one that could hide it: by its length, or in the
 * name of a directory, which may be written in another way than it is shown.
 */
function alternativeNames(): readonly string[] {
  const separators = kindsOfNames.map((kind) => `, ${kind}:`);
  const separated = separators.map((text) => `regsub(${encodeName(text)},|${encodeName(text.slice(2))},g)`);
  return [
    `tcp-request session reject if { ssl_c_der,hex -m sub ${separators.map(hex).join(' ')} }`,
    'tcp-request session reject if { ssl_c_der,length gt 8000 } or { ssl_c_san -m sub DirName: }',
    `tcp-request session set-var(sess.san) ${['ssl_c_san', 'url_enc', ...separated].join(',')}`,
    'tcp-request session set-var(sess.sans) str(|),concat(,sess.san,|)',
  ];
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex').toUpperCase();
}

function connectionLimits(access: string): readonly string[] {
  return [
    'tcp-request session track-sc0 var(sess.tenant) table tenants',
    ...limitOfTenant('connections', `${access}/${limitMaps.connections}`),
    'tcp-request session reject if { var(sess.connections) -m int gt 0 } { sc_conn_cur(0),sub(sess.connections) gt 0 }',
  ];
}

/** The limit that a map has for the others, then that for the tenant if there is one. */
function limitOfTenant(variable: string, map: string): readonly string[] {
  return [`str(${specialKeys.others})`, 'var(sess.tenant)'].map(
    (key) => `tcp-request session set-var(sess.${variable}) ${key},map_str_int("${map}")`,
  );
}

/** The limit of a filter cannot change while HAProxy runs: a tenant may get that of another class, a new class needs a restart. */
function bandwidthLimits(tenants: TenantPolicy, version: HaproxyVersion, access: string): readonly string[] {
  if (!featuresOf(version).bandwidthLimits) return [];
  const classes = bandwidthClasses(tenants).map((one) => ({ ...one, name: `${one.limitMBps}mbps` }));
  const directions = ['in', 'out'] as const;
  return [
    ...limitOfTenant('bandwidth', `${access}/${limitMaps.bandwidth}`),
    ...classes.flatMap(({ name, limitMBps }) =>
      directions.map(
        (way) =>
          `filter bwlim-${way} ${way}-${name} limit ${limitMBps * 1_048_576} key var(sess.tenant) table bandwidth-${way}`,
      ),
    ),
    ...classes.flatMap(({ name, fromMBps, toMBps }) =>
      directions.map(
        (way) =>
          `tcp-request content set-bandwidth-limit ${way}-${name} if { var(sess.bandwidth) -m int ${fromMBps}:${toMBps ?? ''} }`,
      ),
    ),
  ];
}

function brokerSection({ clientPort }: ProxySettings): readonly string[] {
  // One failure counts: the broker is in the same pod, so it is not the network that failed.
  return ['backend broker', `server broker 127.0.0.1:${clientPort} check inter 1s fall 1 rise 1`];
}

function tableSections({ version, clients }: ProxySettings): readonly (readonly string[])[] {
  if (clients.certificates === 'NotAsked' || clients.tenants === undefined) return [];
  const table = (name: string, counted: string) => [
    `backend ${name}`,
    `stick-table type string len 256 size 10k expire 30m store ${counted}`,
  ];
  return [
    table('tenants', 'conn_cur'),
    ...(featuresOf(version).bandwidthLimits
      ? [table('bandwidth-in', 'bytes_in_rate(1s)'), table('bandwidth-out', 'bytes_out_rate(1s)')]
      : []),
  ];
}

function readySection({ readyPort }: ProxySettings): readonly string[] {
  return [
    'frontend ready',
    'mode http',
    'no log',
    'timeout client 5s',
    'timeout http-request 5s',
    `bind "\${POD_IP}:${readyPort}"`,
    'monitor-uri /ready',
    'monitor fail if { nbsrv(broker) lt 1 }',
    'http-request use-service prometheus-exporter if { path /metrics }',
    'http-request return status 404',
  ];
}
