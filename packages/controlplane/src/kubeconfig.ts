import { Buffer } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import type { KeyedCertificate } from '@capstan/pki';
import { stringify } from 'yaml';

/** What the user of a kubeconfig proves itself with. */
export type KubeconfigIdentity =
  | { readonly kind: 'certificate'; readonly certificate: KeyedCertificate }
  | { readonly kind: 'token'; readonly token: string };

/** One API server as one user: all that a kubeconfig of ours says. */
export interface KubeconfigContent {
  readonly server: string;
  /** PEM of the authority that signed the serving certificate. */
  readonly certificateAuthority: string;
  /** Names the cluster, the context and (with `user`) what `kubectl config` shows. */
  readonly clusterName: string;
  readonly user: string;
  readonly namespace?: string;
  readonly identity: KubeconfigIdentity;
}

/** Renders a kubeconfig with everything inline, so that the file works from any directory and can be copied. */
export function renderKubeconfig(content: KubeconfigContent): string {
  const { clusterName, user } = content;
  const context = {
    cluster: clusterName,
    user,
    ...(content.namespace === undefined ? {} : { namespace: content.namespace }),
  };
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: clusterName,
          cluster: { server: content.server, 'certificate-authority-data': base64(content.certificateAuthority) },
        },
      ],
      users: [{ name: user, user: credentials(content.identity) }],
      contexts: [{ name: clusterName, context }],
      'current-context': clusterName,
    },
    { lineWidth: 0 },
  );
}

/** Writes a kubeconfig that only its owner can read (mode 0600). */
export async function writeKubeconfig(path: string, content: KubeconfigContent): Promise<void> {
  await writeFile(path, renderKubeconfig(content), { mode: 0o600 });
}

function credentials(identity: KubeconfigIdentity): Record<string, string> {
  if (identity.kind === 'token') return { token: identity.token };
  return {
    'client-certificate-data': base64(identity.certificate.certificate),
    'client-key-data': base64(identity.certificate.privateKey),
  };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
