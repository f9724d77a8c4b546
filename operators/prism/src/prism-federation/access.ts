import { X509Certificate } from 'node:crypto';
import { type Connection, connectionFrom, inlineKubeConfig, KubeConfigError } from '@capstan/kube';
import type { Member } from '../api/v1alpha3/prism-federation.ts';
import { shortened } from './remote/shortened.ts';

/** The keys of a Secret that are looked at. */
export const usedKeys = ['kubeconfig', 'token', 'server', 'ca.crt'] as const;
export type SecretKey = (typeof usedKeys)[number];

/** What a Secret holds, by key, with the version it was read in. */
export interface SecretValues {
  readonly version: string;
  readonly values: ReadonlyMap<string, string>;
}

/** The way into a cluster, or why there is none. */
export type Access =
  | { readonly is: 'Ready'; readonly connection: Connection }
  | {
      readonly is: 'Missing';
      readonly reason: 'CredentialsMissing' | 'SecretMissing' | 'SecretInvalid' | 'EndpointMismatch' | 'CaInvalid';
      readonly message: string;
    };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The connection to a cluster with what its Secret holds. Nothing is sent to a server that the Secret itself does not name: whoever may
 * write a federation could otherwise have any Secret sent anywhere.
 *
 * @param at path of the cluster in the spec, such as `spec.clusters[0]`
 * @param secret what the Secret holds that it names; `undefined` when there is none
 * @param env where a proxy to reach it through is looked up
 */
export async function accessTo(
  member: Member,
  at: string,
  secret: SecretValues | undefined,
  env: Environment,
): Promise<Access> {
  const name = member.credentialsSecret?.name;
  if (name === undefined)
    return missing(
      'CredentialsMissing',
      `${at}.credentialsSecret: is missing, and without it the cluster cannot be observed: name a Secret with a kubeconfig, or with token, server and ca.crt`,
    );
  if (secret === undefined)
    return missing(
      'SecretMissing',
      `${at}.credentialsSecret: Secret/${name} does not exist: make it, with a kubeconfig, or with token, server and ca.crt`,
    );
  try {
    return await connected(member, `Secret/${name}`, secret.values, { at, env });
  } catch (error) {
    if (!(error instanceof KubeConfigError)) throw error;
    return missing('SecretInvalid', shortened(error.message, 512));
  }
}

interface Place {
  readonly at: string;
  readonly env: Environment;
}

async function connected(
  member: Member,
  source: string,
  values: ReadonlyMap<string, string>,
  { at, env }: Place,
): Promise<Access> {
  const kubeconfig = values.get('kubeconfig');
  const ca = values.get('ca.crt') ?? member.caBundle;
  if (values.has('ca.crt') && member.caBundle !== undefined)
    return missing(
      'CaInvalid',
      `${at}.caBundle: ${source} has a ca.crt as well, so it is unclear which is meant: remove one`,
    );
  if (ca !== undefined && !isCertificate(ca))
    return missing(
      'CaInvalid',
      `${values.has('ca.crt') ? `${source}: ca.crt` : `${at}.caBundle`}: holds no PEM certificate`,
    );
  if (kubeconfig === undefined) return byToken(member, source, values, { at, env, ca });
  if (ca !== undefined)
    return missing(
      'CaInvalid',
      `${source}: ca.crt, or ${at}.caBundle, is given beside a kubeconfig, which has its own: remove it`,
    );
  const connection = await inlineKubeConfig(kubeconfig, { source: `${source}: kubeconfig`, env });
  return boundTo(member, connection, at, `the kubeconfig of ${source}`);
}

async function byToken(
  member: Member,
  source: string,
  values: ReadonlyMap<string, string>,
  { at, env, ca }: Place & { readonly ca: string | undefined },
): Promise<Access> {
  const [token, server] = ['token', 'server'].map((key) => values.get(key)?.trim());
  if (!token) return missing('SecretInvalid', `${source}: has no key kubeconfig and no token: add one of them`);
  if (!server)
    return missing(
      'SecretInvalid',
      `${source}: has a token, and no key server that says to which endpoint it may be sent: add it`,
    );
  if (!/^https:/i.test(server)) return missing('SecretInvalid', `${source}: server must be an https address`);
  if (/[^\x21-\x7e]/.test(token))
    return missing('SecretInvalid', `${source}: token holds characters that no header may carry`);
  const options = { server, token, env, ...(ca !== undefined && { certificateAuthority: ca }) };
  return boundTo(member, await connectionFrom(options), at, source);
}

function boundTo({ endpoint }: Member, connection: Connection, at: string, source: string): Access {
  if (sameServer(connection.server, endpoint)) return { is: 'Ready', connection };
  return missing(
    'EndpointMismatch',
    `${at}.endpoint: ${source} is for another server, and is sent to no other: make them the same`,
  );
}

function sameServer(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => (URL.canParse(text) ? new URL(text) : undefined));
  if (left === undefined || right === undefined) return false;
  return left.origin === right.origin && left.pathname.replace(/\/+$/, '') === right.pathname.replace(/\/+$/, '');
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}

function missing(reason: Exclude<Access, { is: 'Ready' }>['reason'], message: string): Access {
  return { is: 'Missing', reason, message };
}
