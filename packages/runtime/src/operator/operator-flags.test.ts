import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { operatorCommand, parseOperatorFlags } from './operator-flags.ts';

const program = { name: 'greeting-operator', description: 'Greets people.', version: '1.2.3' };

function parse(line: string) {
  return parseOperatorFlags(
    program,
    line.split(' ').filter((word) => word !== ''),
  );
}

describe('the flags of every operator', () => {
  it('have the defaults that operators usually have', async () => {
    expect(await parse('')).toMatchObject({
      namespaces: [],
      deniedNamespaces: [],
      leaderElect: false,
      leaseTerms: { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 },
      metricsBindAddress: ':8080',
      metricsSecure: false,
      healthProbeBindAddress: ':8081',
      logLevel: 'info',
      concurrency: 16,
    });
  });

  it('are all taken', async () => {
    const line =
      '--kubeconfig /k --context c --log-level debug --concurrency 2 --leader-elect-namespace system ' +
      '--leader-elect-lease-duration 3s --leader-elect-renew-deadline 2s --leader-elect-retry-period 500ms ' +
      '--metrics-bind-address 127.0.0.1:0 --metrics-secure --metrics-cert-dir /certs --health-probe-bind-address [::1]:9000';
    expect(await parse(line)).toMatchObject({
      kubeconfig: '/k',
      context: 'c',
      logLevel: 'debug',
      concurrency: 2,
      leaderElectNamespace: 'system',
      leaseTerms: { leaseDurationMs: 3_000, renewDeadlineMs: 2_000, retryPeriodMs: 500 },
      metricsBindAddress: '127.0.0.1:0',
      metricsSecure: true,
      metricsCertDir: '/certs',
      healthProbeBindAddress: '[::1]:9000',
    });
  });

  it.each([
    ['--namespace a b --namespace c', ['a', 'b', 'c']],
    ['--namespace a,b --namespace=c', ['a', 'b', 'c']],
  ])('take namespaces one by one or with commas: %s', async (line, namespaces) => {
    expect((await parse(line)).namespaces).toEqual(namespaces);
    expect((await parse(line.replaceAll('--namespace', '--deny-namespaces'))).deniedNamespaces).toEqual(namespaces);
  });

  it.each([
    ['--leader-elect', true],
    ['--leader-elect=true', true],
    ['--leader-elect=false', false],
    ['', false],
  ])('switch leader election as Go programs do: "%s"', async (line, leaderElect) => {
    expect((await parse(line)).leaderElect).toBe(leaderElect);
  });

  it('serve nothing where the address is 0', async () => {
    expect(await parse('--metrics-bind-address=0 --health-probe-bind-address=0')).toMatchObject({
      metricsBindAddress: undefined,
      healthProbeBindAddress: undefined,
    });
  });

  it.each([
    ['--concurrency 0', 'whole number from 1 to 9999'],
    ['--log-level loud', 'Allowed choices are debug, info, warn, error'],
    ['--metrics-bind-address 8080', 'no address to listen on'],
    ['--leader-elect=perhaps', 'It must be true or false'],
    ['--leader-elect-retry-period 2', 'a time such as 15s'],
    ['--leader-electt', "unknown option '--leader-electt'"],
    ['extra', 'too many arguments'],
  ])('refuse %s and say why', async (line, why) => {
    const said: string[] = [];
    const command = (await operatorCommand(program))
      .exitOverride()
      .configureOutput({ writeErr: (text) => said.push(text) });
    expect(() => command.parse(line.split(' '), { from: 'user' })).toThrow();
    expect(said.join('')).toContain(why);
  });

  it.each([
    ['--metrics-cert-dir=/certs', '--metrics-cert-dir is of no use without --metrics-secure'],
    ['--webhook-inject-ca-from=a/b', '--webhook-inject-ca-from is of no use without --webhook-cert-dir'],
    ['--rival-namespaces=a --ignore-rivals', '--rival-namespaces is of no use with --ignore-rivals'],
  ])('refuse %s, which would be ignored', async (line, why) => {
    const said: string[] = [];
    const flags = (command: Command) => {
      command.exitOverride().configureOutput({ writeErr: (text) => said.push(text) });
    };
    const has = { hasWebhooks: true, hasRivals: true };
    await expect(parseOperatorFlags({ ...program, ...has, flags }, line.split(' '))).rejects.toThrow();
    expect(said.join('')).toContain(why);
  });

  it('may have company of the operator’s own', async () => {
    const flags = await parseOperatorFlags<{ readonly image: string }>(
      { ...program, flags: (command) => command.option('--image <image>', 'what greets', 'greeter:1') },
      ['--image', 'greeter:2', '--leader-elect'],
    );
    expect(flags).toMatchObject({ image: 'greeter:2', leaderElect: true });
  });

  it('have some for webhooks where the operator has webhooks, which are off unless told', async () => {
    const withWebhooks = { ...program, hasWebhooks: true };
    expect((await parseOperatorFlags(withWebhooks, [])).webhooks).toBeUndefined();
    const args = [
      ...['--webhook-bind-address=:9443', '--webhook-url=https://host:1', '--webhook-cert-dir=/certs'],
      '--webhook-owner-role=release',
    ];
    expect((await parseOperatorFlags(withWebhooks, args)).webhooks).toEqual({
      bindAddress: ':9443',
      url: 'https://host:1',
      certDirectory: '/certs',
      ownerRole: 'release',
      injectedFrom: undefined,
    });
    expect((await operatorCommand(program)).helpInformation()).not.toContain('--webhook');
  });

  it.each([
    ['', { namespaces: [] }],
    ['--rival-namespaces=a,b', { namespaces: ['a', 'b'] }],
    ['--ignore-rivals', undefined],
    ['--ignore-rivals=false', { namespaces: [] }],
  ])('look for other operators where some are known, everywhere unless told: "%s"', async (line, rivals) => {
    const args = line.split(' ').filter((word) => word !== '');
    expect((await parseOperatorFlags({ ...program, hasRivals: true }, args)).rivals).toEqual(rivals);
  });

  it('have none for other operators where none are known', async () => {
    expect((await parse('')).rivals).toBeUndefined();
    expect((await operatorCommand(program)).helpInformation()).not.toContain('rivals');
    expect((await operatorCommand({ ...program, hasRivals: true })).helpInformation()).toMatch(
      /--ignore-rivals \[boolean\]\s+work although another operator/,
    );
  });

  it.each([
    ['--webhook-url=http://host:1', 'It must be an https:// address'],
    ['--webhook-url=host:1', 'It must be an https:// address'],
    ['--webhook-url=https://[::1]:1', 'It must name the host'],
    ['--webhook-url=https://host:1/path', 'https://host:port and nothing more'],
    ['--webhook-url=https://me:you@host:1', 'https://host:port and nothing more'],
  ])('refuse %s for webhooks and say why', async (flag, why) => {
    const said: string[] = [];
    const command = (await operatorCommand({ ...program, hasWebhooks: true }))
      .exitOverride()
      .configureOutput({ writeErr: (text) => said.push(text) });
    expect(() => command.parse([flag], { from: 'user' })).toThrow();
    expect(said.join('')).toContain(why);
  });

  it('are described to people', async () => {
    const help = (await operatorCommand(program)).helpInformation();
    expect(help).toContain('Usage: greeting-operator [options]');
    expect(help).toMatch(
      /--leader-elect-lease-duration <time>\s+how long others wait for a silent leader \(default: 15s\)/,
    );
  });
});
