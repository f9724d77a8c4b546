import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { testAuthority } from '../proxy/test-authority.fixture.ts';
import { authoritiesDelivery, certificateDelivery, comparedAuthoritiesDelivery, entriesDelivery } from './delivery.ts';
import { NewWorkerNeededError } from './new-worker-needed-error.ts';
import { RefusedCommandError } from './refused-command-error.ts';
import { ScriptedSocket } from './scripted-socket.fixture.ts';

describe('entries', () => {
  it('of a list are added beside the old ones and take their place at once', async () => {
    const socket = new ScriptedSocket();
    await entriesDelivery('/access/allowed-names.lst', ['alice', 'bob'])(socket);
    expect(socket.asked).toEqual([
      'prepare acl /access/allowed-names.lst',
      'add acl @7 /access/allowed-names.lst alice;add acl @7 /access/allowed-names.lst bob',
      'commit acl @7 /access/allowed-names.lst',
    ]);
  });

  it('of a map have values', async () => {
    const socket = new ScriptedSocket();
    await entriesDelivery('/access/connections.map', ['* 5'])(socket);
    expect(socket.asked[1]).toBe('add map @7 /access/connections.map * 5');
  });

  it('that are none leave nothing', async () => {
    const socket = new ScriptedSocket();
    await entriesDelivery('/access/allowed-names.lst', [])(socket);
    expect(socket.asked).toHaveLength(2);
  });

  it('that are many go in as many parts as HAProxy can take', async () => {
    const socket = new ScriptedSocket();
    const entries = Array.from({ length: 2000 }, (_, index) => `tenant-${index}`);
    await entriesDelivery('/access/allowed-names.lst', entries)(socket);
    const parts = socket.asked.slice(1, -1);
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThan(16_000);
    expect(parts.flatMap((part) => part.split(';')).map((command) => command.split(' ').at(-1))).toEqual(entries);
  });

  it('are not committed when one was refused', async () => {
    const socket = new ScriptedSocket((commands) => (commands.startsWith('add') ? '\nOut of memory.\n' : undefined));
    const delivered = entriesDelivery('/access/allowed-names.lst', ['alice'])(socket);
    await expect(delivered).rejects.toThrow('HAProxy refused "add acl @7 /access/allowed-names.lst": Out of memory.');
    expect(socket.asked.filter((commands) => commands.startsWith('commit'))).toEqual([]);
  });

  it('of a list that HAProxy does not have are refused', async () => {
    const socket = new ScriptedSocket(() => '\nUnknown ACL identifier. Please use #<id> or <file>.\n');
    await expect(entriesDelivery('/access/x.lst', [])(socket)).rejects.toThrow(
      'HAProxy refused "prepare acl /access/x.lst": Unknown ACL identifier. Please use #<id> or <file>.',
    );
  });
});

describe('a certificate', () => {
  const secret = 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg';
  const pem = `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`;

  it('is set and then committed', async () => {
    const socket = new ScriptedSocket();
    await certificateDelivery('/tls/tls.pem', pem)(socket);
    expect(socket.asked).toEqual([`set ssl cert /tls/tls.pem <<\n${pem}\n`, 'commit ssl cert /tls/tls.pem']);
  });

  it('is not committed when it was refused, and the error has nothing of it', async () => {
    const socket = new ScriptedSocket((commands) => `Unknown command: ${commands.split('\n')[2]}\nand more`);
    const error: unknown = await certificateDelivery('/tls/tls.pem', pem)(socket).catch((reason) => reason);
    expect(error).toBeInstanceOf(RefusedCommandError);
    expect(error).toMatchObject({
      command: 'set ssl cert /tls/tls.pem',
      message: 'HAProxy refused "set ssl cert /tls/tls.pem": Unknown command: ...',
    });
    expect(socket.asked).toHaveLength(1);
  });

  it('counts as refused when its commit does not end in success', async () => {
    const socket = new ScriptedSocket((commands) => (commands.startsWith('commit') ? "Can't commit!" : undefined));
    await expect(certificateDelivery('/tls/tls.pem', pem)(socket)).rejects.toThrow(/"commit ssl cert .*Can't commit!/);
  });

  it('needs a new worker when no listener has taken it up', async () => {
    const nobody = 'Committing /tls/tls.pem\nSuccess!';
    const socket = new ScriptedSocket((commands) => (commands.startsWith('commit') ? nobody : undefined));
    const error: unknown = await certificateDelivery('/tls/tls.pem', pem)(socket).catch((reason) => reason);
    expect(error).toBeInstanceOf(NewWorkerNeededError);
    expect(error).toMatchObject({ message: expect.stringMatching(/"commit ssl cert .*no listener has taken it up/) });
  });
});

describe('a certificate that is too long to be sent', () => {
  const show = 'show ssl cert /tls/tls.pem';

  /** What HAProxy shows of a server's certificate with thirty in its chain. */
  async function longOne() {
    const signer = await testAuthority('Example, "Inc."');
    const { certificate } = await signer.server();
    const names = 'Chain Subject: /CN=Example, "Inc."\nChain Issuer: /CN=Example, "Inc."\n';
    const own = `SHA1 FingerPrint: ${new X509Certificate(certificate).fingerprint.replaceAll(':', '')}\n`;
    return { pem: certificate + signer.certificate.repeat(30), own, names };
  }

  it('is left alone where HAProxy shows the same', async () => {
    const { pem, own, names } = await longOne();
    const shown = `Filename: /tls/tls.pem\nStatus: Used\n${own}Subject: /CN=server\nIssuer: /CN=x\n${names.repeat(30)}`;
    const socket = new ScriptedSocket((asked) => (asked === show ? shown : undefined));
    await certificateDelivery('/tls/tls.pem', pem)(socket);
    expect(socket.asked).toEqual([show]);
  });

  it('needs a new worker where HAProxy shows another certificate, another chain, or nothing', async () => {
    const { pem, own, names } = await longOne();
    const others = [
      `SHA1 FingerPrint: 00FF\n${names.repeat(30)}`,
      `${own}${names.repeat(29)}`,
      `${own}${names.repeat(29)}${names.replace('Inc', 'Ltd')}`,
      `Can't display the certificate: Not found or the certificate is a bundle!`,
    ];
    for (const shown of others) {
      const socket = new ScriptedSocket(() => shown);
      const error: unknown = await certificateDelivery('/tls/tls.pem', pem)(socket).catch((reason) => reason);
      expect(error).toBeInstanceOf(NewWorkerNeededError);
      expect(error).toMatchObject({ message: expect.stringMatching(/bytes are more than the 15000/) });
      expect(socket.asked).toEqual([show]);
    }
  });
});

describe('authorities', () => {
  it('are set and committed where HAProxy has others, and left alone where it has them', async () => {
    const { certificate } = await testAuthority('ours');
    const fingerprint = new X509Certificate(certificate).fingerprint.replaceAll(':', '');
    for (const [shown, commands] of [
      ['SHA1 FingerPrint: 00FF', ['show', 'set', 'commit']],
      [`SHA1 FingerPrint: ${fingerprint}\nSHA1 FingerPrint: 00FF`, ['show', 'set', 'commit']],
      ['', ['show', 'set', 'commit']],
      [`SHA1 FingerPrint: ${fingerprint}`, ['show']],
    ] as const) {
      const socket = new ScriptedSocket((asked) => (asked.startsWith('show') ? shown : undefined));
      await authoritiesDelivery('/tls/ca.crt', certificate)(socket);
      expect(socket.asked.map((asked) => asked.split(' ')[0])).toEqual(commands);
    }
  });

  it('are only compared beside a certificate that cannot be sent, and need a new worker where they differ', async () => {
    const { certificate } = await testAuthority('ours');
    const fingerprint = new X509Certificate(certificate).fingerprint.replaceAll(':', '');
    const deliver = comparedAuthoritiesDelivery('/tls/ca.crt', certificate);
    await deliver(new ScriptedSocket(() => `SHA1 FingerPrint: ${fingerprint}`));
    const socket = new ScriptedSocket(() => 'SHA1 FingerPrint: 00FF');
    await expect(deliver(socket)).rejects.toBeInstanceOf(NewWorkerNeededError);
    expect(socket.asked).toEqual(['show ssl ca-file /tls/ca.crt']);
  });
});
