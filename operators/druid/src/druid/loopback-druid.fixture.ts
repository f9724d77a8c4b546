import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { issueCertificate, newKeyPair, newSerialNumber } from '@capstan/pki';

/** A request that arrived, read to its end. */
export interface Arrived {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly length: string | undefined;
  readonly body: string;
}

/** A server on loopback that stands where a Druid would, and what arrived there. */
export interface LoopbackDruid {
  readonly url: string;
  readonly arrived: readonly Arrived[];
}

/** What a server answers with: a status and a body, or whatever a listener does. */
export type Script = RequestListener | { readonly status?: number; readonly json?: unknown; readonly text?: string };

/** A key and a certificate for a server, and PEM of the authority that signed it. */
export interface ServerIdentity {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

/** Starts servers on loopback, and ends them all when disposed. */
export class LoopbackDruids implements AsyncDisposable {
  readonly #servers: Server[] = [];

  async start(script: Script, { host = '127.0.0.1', tls }: { host?: string; tls?: ServerIdentity } = {}) {
    const arrived: Arrived[] = [];
    const listener = listenerOf(script, arrived);
    const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
    this.#servers.push(server);
    server.listen(0, host);
    await once(server, 'listening');
    // Safe: it listens on TCP.
    const { port } = server.address() as AddressInfo;
    return { url: `${tls === undefined ? 'http' : 'https'}://${host}:${port}`, arrived } satisfies LoopbackDruid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#servers.map((server) => once(server, 'close'));
    for (const server of this.#servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
    await Promise.all(closed);
  }
}

function listenerOf(script: Script, arrived: Arrived[]): RequestListener {
  return async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const { method, url, headers } = request;
    const { authorization, 'content-type': contentType, 'content-length': length } = headers;
    arrived.push({ method, url, authorization, contentType, length, body });
    if (typeof script === 'function') return script(request, response);
    const { status = 200, json, text } = script;
    const type = json === undefined ? {} : { 'content-type': 'application/json' };
    response.writeHead(status, type).end(json === undefined ? text : JSON.stringify(json));
  };
}

/** Issues a certificate for `127.0.0.1` by an authority of its own, valid from yesterday to tomorrow. */
export async function serverIdentity(hosts: readonly string[] = ['127.0.0.1']): Promise<ServerIdentity> {
  const [authority, server] = await Promise.all([newKeyPair(), newKeyPair()]);
  const dayMs = 86_400_000;
  const validity = { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + dayMs) };
  const subject = { commonName: 'druid-test-authority' };
  const issuer = { subject, privateKey: authority.privateKey };
  const issue = (of: Pick<Parameters<typeof issueCertificate>[0], 'subject' | 'use'>, publicKey: string) =>
    issueCertificate({ ...of, ...validity, serialNumber: newSerialNumber() }, publicKey, issuer);
  return {
    key: server.privateKey,
    cert: issue({ subject: { commonName: 'router' }, use: { kind: 'server', hosts } }, server.publicKey),
    ca: issue({ subject, use: { kind: 'authority' } }, authority.publicKey),
  };
}
