/** The image that a Containerfile builds upon, and the build argument that says which exactly. */
export interface BaseImage {
  /** Without tag and digest, such as `registry.example/base/node24`. */
  readonly name: string;
  /** Whose digest is asked for; `latest`, as everywhere, where the Containerfile names none. */
  readonly tag: string;
  /** Name of the build argument that takes the digest. */
  readonly argument: string;
}

/** A registry could not be asked, or gave no digest. Nothing is built on a base that nobody has named exactly. */
export class NoDigest extends Error {
  override readonly name = 'NoDigest';
}

/**
 * Reads the base of a Containerfile whose last `FROM` pins it by a build argument: `FROM name@${ARGUMENT}`, or `FROM name:tag@${ARGUMENT}`.
 * @param file for the error
 * @throws {Error} where it is written otherwise
 */
export function baseImageOf(containerfile: string, file: string): BaseImage {
  const lines = [...containerfile.matchAll(/^FROM\s+(?<image>\S+)/gm)];
  const image = lines.at(-1)?.groups?.['image'] ?? '';
  const pinned = /^(?<name>[^@]+?)(?::(?<tag>[\w.-]+))?@\$\{?(?<argument>\w+)(?::\?[^}]*)?\}?$/.exec(image);
  const { name, tag = 'latest', argument } = pinned?.groups ?? {};
  if (name === undefined || argument === undefined)
    throw new Error(`${file} does not pin its base by a build argument: write "FROM name@\${ARGUMENT}"`);
  return { name, tag, argument };
}

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * Asks the registry of an image for the digest that its tag stands for now, by the distribution API of OCI, without an account.
 * @param timeoutMs for each of at most three requests
 * @throws {NoDigest} when the registry is not reached, refuses, or answers without a digest
 */
export async function resolveDigest({ name, tag }: BaseImage, timeoutMs = 10_000): Promise<string> {
  const [host = '', ...path] = name.split('/');
  const fail = (problem: string): never => {
    throw new NoDigest(
      `the digest of ${name}:${tag} is not known, because ${problem}: run this where ${host} is reachable`,
    );
  };
  const url = `${schemeOf(host)}://${host}/v2/${path.join('/')}/manifests/${tag}`;
  const ask = (headers: Readonly<Record<string, string>>): Promise<Response> =>
    request(url, { method: 'HEAD', headers: { accept: manifestTypes, ...headers } }, timeoutMs, fail);
  const first = await ask({});
  const answer = first.status === 401 ? await ask(await authorization(first, timeoutMs, fail)) : first;
  if (!answer.ok) return fail(`${host} answered ${answer.status}`);
  const digest = answer.headers.get('docker-content-digest') ?? '';
  return /^sha256:[0-9a-f]{64}$/.test(digest) ? digest : fail(`${host} answered without a digest`);
}

/** As container tools have it: only this machine's own registry speaks without TLS. */
function schemeOf(host: string): 'http' | 'https' {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host) ? 'http' : 'https';
}

type Fail = (problem: string) => never;

/** A token for anybody, from where the registry says that there are some. */
async function authorization(
  { headers }: Response,
  timeoutMs: number,
  fail: Fail,
): Promise<Readonly<Record<string, string>>> {
  const challenge = headers.get('www-authenticate') ?? '';
  const told = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]));
  const realm = told.get('realm');
  if (!/^bearer /i.test(challenge) || realm === undefined || !URL.canParse(realm)) return fail('it wants an account');
  const url = new URL(realm);
  for (const key of ['service', 'scope']) if (told.has(key)) url.searchParams.set(key, told.get(key) ?? '');
  const answer = await request(url, {}, timeoutMs, fail);
  if (!answer.ok) return fail(`${url.host} gave no token (${answer.status})`);
  const body: unknown = await answer.json().catch(() => undefined);
  const token =
    body instanceof Object ? ('token' in body ? body.token : 'access_token' in body && body.access_token) : '';
  return typeof token === 'string' ? { authorization: `Bearer ${token}` } : fail(`${url.host} gave no token`);
}

async function request(url: string | URL, options: RequestInit, timeoutMs: number, fail: Fail): Promise<Response> {
  try {
    return await fetch(url, { ...options, signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    const { cause } = error instanceof Error ? error : { cause: undefined };
    const why = cause instanceof Error ? cause.message : error instanceof Error ? error.message : String(error);
    return fail(`${new URL(url).host} was not reached (${why})`);
  }
}
