import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { firstPair, inline, secondPair } from './certificate-pairs.fixture.ts';
import { aDirectory, aKubeConfig, answering, aPlugin } from './kubeconfig.fixture.ts';
import { loadKubeConfig } from './load-kube-config.ts';

/** What a kubeconfig comes down to: where requests go and what they carry. */
interface View {
  readonly server: string;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly authorization: string | undefined;
  readonly impersonation: Readonly<Record<string, unknown>>;
  readonly insecure: boolean;
  readonly serverName: string | undefined;
  readonly proxyUrl: string | undefined;
  readonly namespace: string;
}

interface Case {
  readonly says: string;
  /** The kubeconfigs, in the order of `KUBECONFIG`. */
  readonly texts: readonly string[];
  /** Where we mean to answer otherwise: what we answer instead (on top of their answer, or of `plain`), and why. */
  readonly differs?: { readonly because: string; readonly ours: Partial<View> | 'refused' };
}

/** What `aKubeConfig()` comes down to. */
const plain: View = {
  server: 'https://10.0.0.1:6443',
  ca: undefined,
  cert: undefined,
  key: undefined,
  authorization: 'Bearer abc',
  impersonation: {},
  insecure: false,
  serverName: undefined,
  proxyUrl: undefined,
  namespace: 'default',
};

const files = { 'ca.crt': firstPair.cert, 'me.crt': secondPair.cert, 'me.key': secondPair.key, token: 'from-file\n' };
const inlinePair = {
  'client-certificate-data': inline(secondPair.cert),
  'client-key-data': inline(secondPair.key),
};
const two = {
  clusters: [
    { name: 'one', cluster: { server: 'https://one:6443' } },
    { name: 'two', cluster: { server: 'https://two:6443' } },
  ],
  users: [
    { name: 'u1', user: { token: 't1' } },
    { name: 'u2', user: { token: 't2' } },
  ],
  contexts: [
    { name: 'c1', context: { cluster: 'one', user: 'u1' } },
    { name: 'c2', context: { cluster: 'two', user: 'u2', namespace: 'second' } },
  ],
};
const other = aKubeConfig({
  more: {
    clusters: [{ name: 'there', cluster: { server: 'https://there:6443' } }],
    users: [{ name: 'you', user: { token: 'yours' } }],
    contexts: [{ name: 'other', context: { cluster: 'there', user: 'you' } }],
    'current-context': 'other',
  },
});

const cases: readonly Case[] = [
  { says: 'a token', texts: [aKubeConfig()] },
  { says: 'a user without anything', texts: [aKubeConfig({ user: {} })] },
  { says: 'an inline client certificate', texts: [aKubeConfig({ user: inlinePair })] },
  {
    says: 'client certificate files beside the kubeconfig',
    texts: [aKubeConfig({ user: { 'client-certificate': 'me.crt', 'client-key': './me.key' } })],
  },
  {
    says: 'a client certificate file with an inline key',
    texts: [aKubeConfig({ user: { 'client-certificate': 'me.crt', 'client-key-data': inline(secondPair.key) } })],
  },
  { says: 'an inline CA', texts: [aKubeConfig({ cluster: { 'certificate-authority-data': inline(firstPair.cert) } })] },
  {
    says: 'an inline bundle of two CAs',
    texts: [aKubeConfig({ cluster: { 'certificate-authority-data': inline(firstPair.cert + secondPair.cert) } })],
  },
  { says: 'a CA file beside the kubeconfig', texts: [aKubeConfig({ cluster: { 'certificate-authority': 'ca.crt' } })] },
  { says: 'TLS verification skipped', texts: [aKubeConfig({ cluster: { 'insecure-skip-tls-verify': true } })] },
  { says: 'a TLS server name', texts: [aKubeConfig({ cluster: { 'tls-server-name': 'kubernetes.default' } })] },
  { says: 'an http proxy', texts: [aKubeConfig({ cluster: { 'proxy-url': 'http://proxy:3128' } })] },
  { says: 'a socks5 proxy', texts: [aKubeConfig({ cluster: { 'proxy-url': 'socks5://proxy:1080' } })] },
  { says: 'user name and password', texts: [aKubeConfig({ user: { username: 'ä', password: 'p:w' } })] },
  { says: 'a namespace', texts: [aKubeConfig({ context: { namespace: 'prod' } })] },
  { says: 'a user to impersonate', texts: [aKubeConfig({ user: { token: 'abc', as: 'jane' } })] },
  { says: 'a trailing slash', texts: [aKubeConfig({ cluster: { server: 'https://10.0.0.1:6443/' } })] },
  { says: 'a server below a path', texts: [aKubeConfig({ cluster: { server: 'https://rancher/k8s/clusters/c-1' } })] },
  { says: 'the second of two contexts', texts: [aKubeConfig({ more: { ...two, 'current-context': 'c2' } })] },
  { says: 'JSON', texts: [JSON.stringify({ apiVersion: 'v1', kind: 'Config', ...two, 'current-context': 'c1' })] },
  { says: 'lines ending in CR LF', texts: [aKubeConfig().replaceAll('\n', '\r\n')] },
  {
    says: 'fields nobody knows',
    texts: [aKubeConfig({ cluster: { later: 1 }, context: { later: [] }, more: { preferences: { colors: true } } })],
  },
  { says: 'YAML anchors', texts: [withSharedCluster('*shared')] },
  {
    says: 'an exec plugin that answers a token',
    texts: [aKubeConfig({ user: { exec: aPlugin(answering({ token: 'minted' })) } })],
  },
  {
    says: 'an exec plugin that reads its environment',
    texts: [
      aKubeConfig({
        user: {
          exec: aPlugin(
            answering({ token: 'TOKEN' }).replace('TOKEN', '" + process.env.WHO + "').replaceAll("'", '"'),
            {
              env: [{ name: 'WHO', value: 'jane' }],
            },
          ),
        },
      }),
    ],
  },
  {
    says: 'an exec plugin that answers a certificate',
    texts: [
      aKubeConfig({
        user: {
          exec: aPlugin(answering({ clientCertificateData: secondPair.cert, clientKeyData: secondPair.key })),
        },
      }),
    ],
  },
  {
    says: 'two files of KUBECONFIG without a current context in the second',
    texts: [aKubeConfig(), other.replace(/^current-context:.*$/m, '')],
  },
  {
    says: 'a current context that does not exist',
    texts: [aKubeConfig({ more: { 'current-context': 'gone' } })],
    differs: { because: 'they go on with no cluster and fail later; we name the contexts there are', ours: 'refused' },
  },
  {
    says: 'two files with a current context each',
    texts: [aKubeConfig(), other],
    differs: {
      because: 'kubectl takes the first current-context; client-node the last',
      ours: { server: 'https://10.0.0.1:6443', authorization: 'Bearer abc' },
    },
  },
  {
    says: 'YAML merge keys',
    texts: [withSharedCluster('{ <<: *shared, tls-server-name: other }')],
    differs: {
      because: 'kubectl reads them; the YAML parser of client-node no longer does',
      ours: { serverName: 'other' },
    },
  },
  {
    says: 'the same names in two files',
    texts: [aKubeConfig(), aKubeConfig({ cluster: { server: 'https://second' } })],
    differs: {
      because: 'for kubectl the first file to name something wins; client-node throws',
      ours: {},
    },
  },
  {
    says: 'a token file',
    texts: [aKubeConfig({ user: { tokenFile: 'token' } })],
    differs: {
      because: 'the field is tokenFile; client-node looks for token-file and sends no token',
      ours: { authorization: 'Bearer from-file' },
    },
  },
  {
    says: 'groups, uid and extra to impersonate',
    texts: [
      aKubeConfig({
        user: {
          token: 'abc',
          as: 'jane',
          'as-uid': '7',
          'as-groups': ['dev', 'ops, too'],
          'as-user-extra': { 'acme.com/Team': ['a', 'b'] },
        },
      }),
    ],
    differs: {
      because: 'client-node sends the user alone, which may have other rights',
      ours: {
        impersonation: {
          'impersonate-user': 'jane',
          'impersonate-uid': '7',
          'impersonate-group': ['dev', 'ops, too'],
          'impersonate-extra-acme.com%2fteam': ['a', 'b'],
        },
      },
    },
  },
  {
    says: 'groups to impersonate without a user',
    texts: [aKubeConfig({ user: { token: 'abc', 'as-groups': ['dev'] } })],
    differs: { because: 'refused by kubectl; ignoring the groups would act with more rights', ours: 'refused' },
  },
  {
    says: 'a CA file and an inline CA',
    texts: [
      aKubeConfig({
        cluster: { 'certificate-authority': 'ca.crt', 'certificate-authority-data': inline(secondPair.cert) },
      }),
    ],
    differs: { because: 'refused by kubectl: it is unclear which one is meant', ours: 'refused' },
  },
  {
    says: 'a CA and TLS verification skipped',
    texts: [
      aKubeConfig({
        cluster: { 'insecure-skip-tls-verify': true, 'certificate-authority-data': inline(firstPair.cert) },
      }),
    ],
    differs: { because: 'refused by kubectl: the CA would be ignored in silence', ours: 'refused' },
  },
  {
    says: 'a password and a token',
    texts: [aKubeConfig({ user: { token: 'abc', username: 'me', password: 'x' } })],
    differs: { because: 'refused by kubectl: it is unclear who is meant', ours: 'refused' },
  },
  {
    says: 'a user name without a password',
    texts: [aKubeConfig({ user: { username: 'me' } })],
    differs: {
      because: 'client-node sends the password "undefined"',
      ours: { authorization: `Basic ${Buffer.from('me:').toString('base64')}` },
    },
  },
  {
    says: 'a legacy auth-provider',
    texts: [aKubeConfig({ user: { 'auth-provider': { name: 'acme' } } })],
    differs: { because: 'Kubernetes clients dropped them; client-node would send no credentials', ours: 'refused' },
  },
  {
    says: 'a server without TLS',
    texts: [aKubeConfig({ cluster: { server: 'http://127.0.0.1:8001', 'insecure-skip-tls-verify': true } })],
    differs: { because: 'kubectl sends no token where anybody could read it', ours: { authorization: undefined } },
  },
  {
    says: 'a client certificate without its key',
    texts: [aKubeConfig({ user: { 'client-certificate-data': inline(secondPair.cert) } })],
    differs: { because: 'refused by kubectl; without a key it could not be used', ours: 'refused' },
  },
  {
    says: 'a key that belongs to another certificate',
    texts: [aKubeConfig({ user: { ...inlinePair, 'client-key-data': inline(firstPair.key) } })],
    differs: { because: 'it cannot work, and the TLS library would say so in its own words', ours: 'refused' },
  },
  {
    says: 'a namespace that is no name',
    texts: [aKubeConfig({ context: { namespace: 'Not A Name' } })],
    differs: { because: 'refused by kubectl', ours: 'refused' },
  },
  {
    says: 'a token with a line break at its end',
    texts: [aKubeConfig({ user: { token: 'abc\n' } })],
    differs: { because: 'no header may hold a line break', ours: { authorization: 'Bearer abc' } },
  },
];

describe('a kubeconfig means what it means to @kubernetes/client-node', () => {
  it.each(cases.filter((entry) => entry.differs === undefined))('$says', async ({ texts }) => {
    const [ours, theirs] = await bothViews(texts);
    expect(theirs).not.toBe('refused');
    expect(ours).toEqual(theirs);
  });
});

describe('a kubeconfig means something else than to @kubernetes/client-node, on purpose', () => {
  it.each(cases.flatMap(({ says, texts, differs }) => (differs === undefined ? [] : [{ says, texts, ...differs }])))(
    '$says: $because',
    async ({ texts, ours: expected }) => {
      const [ours, theirs] = await bothViews(texts);
      expect(ours).not.toEqual(theirs);
      expect(ours).toEqual(
        expected === 'refused' ? expected : { ...(theirs === 'refused' ? plain : theirs), ...expected },
      );
    },
  );
});

function withSharedCluster(cluster: string): string {
  return [
    `shared: &shared { server: 'https://10.0.0.1:6443' }`,
    `clusters: [{ name: here, cluster: ${cluster} }]`,
    `users: [{ name: me, user: { token: abc } }]`,
    `contexts: [{ name: main, context: { cluster: here, user: me } }]`,
    `current-context: main`,
  ].join('\n');
}

async function bothViews(texts: readonly string[]): Promise<[View | 'refused', View | 'refused']> {
  const named = Object.fromEntries(texts.map((text, index) => [`config-${index}`, text]));
  const dir = await aDirectory({ ...files, ...named });
  const paths = Object.keys(named).map((name) => join(dir, name));
  return [await refusedOr(() => ourView(paths)), await refusedOr(() => theirView(paths))];
}

async function refusedOr(view: () => Promise<View>): Promise<View | 'refused'> {
  try {
    return await view();
  } catch {
    return 'refused';
  }
}

async function ourView(paths: readonly string[]): Promise<View> {
  const connection = await loadKubeConfig({ env: { KUBECONFIG: paths.join(':') }, stdinIsTerminal: false });
  const { headers, clientCertificate } = await connection.credentials.current();
  const { authorization, ...impersonation } = headers;
  return {
    server: connection.server,
    ca: await connection.certificateAuthority(),
    cert: clientCertificate?.cert,
    key: clientCertificate?.key,
    authorization: authorization?.toString(),
    impersonation,
    insecure: connection.insecureSkipTlsVerify,
    serverName: connection.tlsServerName,
    proxyUrl: connection.proxyUrl,
    namespace: connection.namespace,
  };
}

async function theirView(paths: readonly string[]): Promise<View> {
  const config = new KubeConfig();
  for (const [index, path] of paths.entries()) {
    const next = new KubeConfig();
    next.loadFromFile(path);
    if (index === 0) config.loadFromFile(path);
    else config.mergeConfig(next);
  }
  const options: Record<string, unknown> & { headers: Record<string, string> } = { headers: {} };
  await config.applyToHTTPSOptions(options);
  const { Authorization: authorization, ...impersonation } = options.headers;
  const basic =
    options['auth'] === undefined ? undefined : `Basic ${Buffer.from(String(options['auth'])).toString('base64')}`;
  return {
    server: config.getCurrentCluster()?.server ?? '',
    ca: options['ca']?.toString(),
    cert: options['cert']?.toString(),
    key: options['key']?.toString(),
    authorization: authorization ?? basic,
    impersonation: Object.fromEntries(
      Object.entries(impersonation).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    insecure: options['rejectUnauthorized'] === false,
    serverName: options['servername']?.toString(),
    proxyUrl: config.getCurrentCluster()?.proxyUrl,
    namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? 'default',
  };
}
