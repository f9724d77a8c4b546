/** What a request asks of the API server, in the words of RBAC and of the audit log. */
export interface ApiRequest {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; lower-case method for other paths. */
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** The lower-case plural; empty for paths that name no resource, such as `/version`. */
  readonly resource: string;
  readonly subresource: string;
  /** Empty for cluster-scoped objects and for requests over all namespaces. */
  readonly namespace: string;
  /** Empty where no object is named: lists, watches, and creations by POST. */
  readonly name: string;
  /** Without its query. */
  readonly path: string;
}

/** Of `namespaces` these are subresources and not the name of a resource inside one. */
const namespaceSubresources: ReadonlySet<string> = new Set(['status', 'finalize']);

const writeVerbOf: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch' };

/**
 * Reads off a request line what is asked for, as the API server's own RequestInfo does.
 *
 * @param url path and query
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb
 *
 * @example
 * ```ts
 * apiRequestOf('PATCH', '/apis/apps/v1/namespaces/shop/statefulsets/orders/status').verb // 'patch'
 * ```
 */
export function apiRequestOf(method: string, url: string): ApiRequest {
  const { pathname, searchParams } = new URL(url, 'http://proxy');
  const [root = '', ...parts] = pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const [group, version, rest] = root === 'api' ? ['', parts[0], parts.slice(1)] : [parts[0], parts[1], parts.slice(2)];
  const isResource = (root === 'api' || root === 'apis') && rest.length > 0;
  if (!isResource || group === undefined || version === undefined)
    return { ...elsewhere, verb: method.toLowerCase(), path: pathname };
  const at = placeOf(rest);
  return { verb: verbOf(method, at.name, searchParams), group, version, ...at, path: pathname };
}

const elsewhere = { group: '', version: '', resource: '', subresource: '', namespace: '', name: '' };

type Place = Pick<ApiRequest, 'resource' | 'subresource' | 'namespace' | 'name'>;

function placeOf(parts: readonly string[]): Place {
  const [first = '', namespace = '', resource] = parts;
  const isInside = first === 'namespaces' && resource !== undefined && !namespaceSubresources.has(resource);
  if (isInside) return { ...objectOf(parts.slice(2)), namespace };
  return { ...objectOf(parts), namespace: first === 'namespaces' ? namespace : '' };
}

function objectOf([resource = '', name = '', subresource = '']: readonly string[]): Omit<Place, 'namespace'> {
  return { resource, name, subresource };
}

function verbOf(method: string, name: string, query: URLSearchParams): string {
  if (method === 'GET' || method === 'HEAD') {
    const isWatch = ['true', '1'].includes(query.get('watch') ?? '');
    return isWatch ? 'watch' : name === '' ? 'list' : 'get';
  }
  if (method === 'DELETE') return name === '' ? 'deletecollection' : 'delete';
  return writeVerbOf[method] ?? method.toLowerCase();
}
