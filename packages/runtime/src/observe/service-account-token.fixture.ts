import type { KubeClient, KubeObject, ResourceType } from '@capstan/kube';

/** Asked for at the subresource `token` of a service account. */
interface TokenRequest extends KubeObject {
  readonly spec: { readonly expirationSeconds: number };
  readonly status?: { readonly token: string };
}

const TokenRequest: ResourceType<TokenRequest> = {
  ...{ group: '', version: 'v1', kind: 'TokenRequest', plural: 'serviceaccounts', namespaced: true },
};

/** A token of a service account, valid for ten minutes. */
export async function tokenFor(
  client: KubeClient,
  account: { readonly namespace: string; readonly name: string },
): Promise<string> {
  const { status } = await client.create(
    TokenRequest,
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: account,
      spec: { expirationSeconds: 600 },
    },
    { subresource: 'token' },
  );
  return status?.token ?? '';
}
