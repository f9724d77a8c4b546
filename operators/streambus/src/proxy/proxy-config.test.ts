import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderProxyConfig } from './proxy-config.ts';
import type { ProxySettings } from './proxy-settings.ts';
import { encryptionOnly, someSettings } from './some-settings.fixture.ts';
import { haproxyVersions } from './version-features.ts';

/** The directives of one section, without the blanks in front. */
function sectionOf(config: string, title: string): readonly string[] {
  const section = config.split('\n\n').find((text) => text.startsWith(`${title}\n`)) ?? '';
  return section
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
}

const everything = (version: ProxySettings['version'], names: readonly string[] = ['alice']) =>
  someSettings({
    version,
    maxConnections: 100,
    access: { defaultPolicy: 'deny', names },
    tenants: {
      defaults: { maxConnections: 5, maxBandwidthMBps: 1 },
      overrides: names.map((name) => ({ name, limits: { maxBandwidthMBps: 10 } })),
    },
  });

describe('haproxy.cfg', () => {
  it('of a proxy that only encrypts is this text', () => {
    expect(renderProxyConfig(encryptionOnly())).toBe(`global
  log stdout format raw local0 info
  maxconn 2200
  nbthread 2
  stats socket "/run/haproxy/admin.sock" mode 600 level admin
  ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
  ssl-default-bind-ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
  tune.ssl.cachesize 0

defaults
  mode tcp
  log global
  timeout connect 3s
  timeout client-hs 10s
  timeout client 1h
  timeout server 1h
  timeout client-fin 5s
  option clitcpka
  clitcpka-idle 60s
  clitcpka-intvl 10s
  clitcpka-cnt 3

frontend clients
  bind "\${POD_IP}:9092" ssl crt "/tls/tls.pem"
  maxconn 2100
  log-format "%ci:%cp %ts %B %Tw/%Tc/%Tt"
  error-log-format "%ci:%cp %[fc_err_str] %[ssl_fc_err_str] verify=%[ssl_c_err]"
  tcp-request connection set-var(sess.most) str(!broker),map_str_int("/etc/haproxy-access/connections.map",0)
  tcp-request connection reject if { var(sess.most) -m int gt 0 } { fe_conn,sub(sess.most) gt 0 }
  default_backend broker

backend broker
  server broker 127.0.0.1:9092 check inter 1s fall 1 rise 1

frontend ready
  mode http
  no log
  timeout client 5s
  timeout http-request 5s
  bind "\${POD_IP}:8404"
  monitor-uri /ready
  monitor fail if { nbsrv(broker) lt 1 }
  http-request use-service prometheus-exporter if { path /metrics }
  http-request return status 404
`);
  });

  it('of a proxy with names, tenants and limits has these rules for clients', () => {
    expect(sectionOf(renderProxyConfig(everything('3.2')), 'frontend clients')).toEqual([
      `bind "\${POD_IP}:9092" ssl crt "/tls/tls.pem" ca-file "/tls/ca.crt" verify required`,
      'maxconn 2100',
      'log-format "%ci:%cp tenant=%[var(sess.tenant)] %ts %B %Tw/%Tc/%Tt"',
      'error-log-format "%ci:%cp %[fc_err_str] %[ssl_fc_err_str] verify=%[ssl_c_err]"',
      'tcp-request connection set-var(sess.most) str(!broker),map_str_int("/etc/haproxy-access/connections.map",0)',
      'tcp-request connection reject if { var(sess.most) -m int gt 0 } { fe_conn,sub(sess.most) gt 0 }',
      'tcp-request session set-var(sess.tenant) str(!unnamed)',
      'tcp-request session set-var(sess.tenant) ssl_c_s_dn(cn),url_enc if { ssl_c_s_dn(cn) -m found }',
      'tcp-request session reject if { ssl_c_der,hex -m sub 2C20444E533A 2C205552493A 2C20656D61696C3A 2C20495020416464726573733A 2C20526567697374657265642049443A 2C206F746865726E616D653A 2C204469724E616D653A 2C20583430304E616D653A 2C2045646950617274794E616D653A }',
      'tcp-request session reject if { ssl_c_der,length gt 8000 } or { ssl_c_san -m sub DirName: }',
      'tcp-request session set-var(sess.san) ssl_c_san,url_enc,regsub(%2C%20DNS%3A,|DNS%3A,g),regsub(%2C%20URI%3A,|URI%3A,g),regsub(%2C%20email%3A,|email%3A,g),regsub(%2C%20IP%20Address%3A,|IP%20Address%3A,g),regsub(%2C%20Registered%20ID%3A,|Registered%20ID%3A,g),regsub(%2C%20othername%3A,|othername%3A,g),regsub(%2C%20DirName%3A,|DirName%3A,g),regsub(%2C%20X400Name%3A,|X400Name%3A,g),regsub(%2C%20EdiPartyName%3A,|EdiPartyName%3A,g)',
      'tcp-request session set-var(sess.sans) str(|),concat(,sess.san,|)',
      'tcp-request session reject unless { var(sess.tenant) -m str -f "/etc/haproxy-access/allowed-names.lst" } or { var(sess.sans) -m sub -f "/etc/haproxy-access/allowed-alternative-names.lst" }',
      'tcp-request session track-sc0 var(sess.tenant) table tenants',
      'tcp-request session set-var(sess.connections) str(*),map_str_int("/etc/haproxy-access/connections.map")',
      'tcp-request session set-var(sess.connections) var(sess.tenant),map_str_int("/etc/haproxy-access/connections.map")',
      'tcp-request session reject if { var(sess.connections) -m int gt 0 } { sc_conn_cur(0),sub(sess.connections) gt 0 }',
      'tcp-request session set-var(sess.bandwidth) str(*),map_str_int("/etc/haproxy-access/bandwidth.map")',
      'tcp-request session set-var(sess.bandwidth) var(sess.tenant),map_str_int("/etc/haproxy-access/bandwidth.map")',
      'filter bwlim-in in-1mbps limit 1048576 key var(sess.tenant) table bandwidth-in',
      'filter bwlim-out out-1mbps limit 1048576 key var(sess.tenant) table bandwidth-out',
      'filter bwlim-in in-10mbps limit 10485760 key var(sess.tenant) table bandwidth-in',
      'filter bwlim-out out-10mbps limit 10485760 key var(sess.tenant) table bandwidth-out',
      'tcp-request content set-bandwidth-limit in-1mbps if { var(sess.bandwidth) -m int 1:9 }',
      'tcp-request content set-bandwidth-limit out-1mbps if { var(sess.bandwidth) -m int 1:9 }',
      'tcp-request content set-bandwidth-limit in-10mbps if { var(sess.bandwidth) -m int 10: }',
      'tcp-request content set-bandwidth-limit out-10mbps if { var(sess.bandwidth) -m int 10: }',
      'default_backend broker',
    ]);
  });

  it('lets everybody in but the named where that is the policy', () => {
    const config = renderProxyConfig(
      someSettings({ version: '3.0', access: { defaultPolicy: 'allow', names: ['mallory'] } }),
    );
    expect(config).toContain(
      'tcp-request session reject if { var(sess.tenant) -m str -f "/etc/haproxy-access/denied-names.lst" }\n',
    );
  });

  it.each([
    ['2.6', []],
    ['2.8', ['bwlim']],
    ['3.0', ['bwlim', 'client-hs']],
    ['3.2', ['bwlim', 'client-hs', 'ssl_c_san']],
  ] as const)('leaves out for %s what it does not know, and has %j', (version, known) => {
    const config = renderProxyConfig(everything(version));
    expect(['bwlim', 'client-hs', 'ssl_c_san'].filter((word) => config.includes(word))).toEqual(known);
  });

  it('has no trace of a name, so that none can say anything in it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 50 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(...haproxyVersions),
        (names, version) => {
          expect(renderProxyConfig(everything(version, names))).toBe(renderProxyConfig(everything(version)));
        },
      ),
    );
  });

  it('is the same for other limits of connections, so that those need no restart', () => {
    expect(renderProxyConfig(encryptionOnly({ maxConnections: 3 }))).toBe(
      renderProxyConfig(encryptionOnly({ maxConnections: 2000 })),
    );
  });

  it('makes room for more connections than usual', () => {
    const config = renderProxyConfig(encryptionOnly({ maxConnections: 5000 }));
    expect([sectionOf(config, 'global')[1], sectionOf(config, 'frontend clients')[1]]).toEqual([
      'maxconn 5200',
      'maxconn 5100',
    ]);
  });
});
