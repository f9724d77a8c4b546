import { Refused } from '../refused.ts';
import type { ObjectAddress } from '../visitor.ts';

/** What a request asks for. */
export type Route =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'session' }
  | { readonly kind: 'stream' }
  | { readonly kind: 'detail'; readonly address: ObjectAddress }
  | { readonly kind: 'plan' };

/**
 * Reads what a request asks for. Whether a file is there is not looked at.
 * @param url path and query, as in the first line of the request
 * @throws {Refused} 400, 404 or 405
 */
export function routeOf(method: string, url: string): { readonly route: Route; readonly query: URLSearchParams } {
  const [path = '/', query = ''] = split(url, '?');
  const route = path.startsWith('/api/') ? apiRoute(path.slice('/api/'.length)) : ({ kind: 'file', path } as const);
  const wanted = route.kind === 'plan' ? 'POST' : 'GET';
  const isHead = method === 'HEAD' && route.kind === 'file';
  if (method !== wanted && !isHead) throw new Refused(405, `${path} takes ${wanted} only: nothing is written here`);
  return { route, query: new URLSearchParams(query) };
}

function apiRoute(path: string): Route {
  if (path === 'session' || path === 'stream' || path === 'plan') return { kind: path };
  const [word, ...rest] = path.split('/');
  const [group, plural, namespace, name, ...more] = rest.map(decoded);
  if (word !== 'objects' || !group || !plural || !namespace || !name || more.length > 0)
    throw new Refused(
      404,
      'there are /api/session, /api/stream, /api/objects/<group>/<plural>/<namespace>/<name> and /api/plan',
    );
  return {
    kind: 'detail',
    address: { group: group === 'core' ? '' : group, plural, ...(namespace !== '-' && { namespace }), name },
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Refused(400, 'the address is not percent-encoded as it should be');
  }
}

function split(text: string, at: string): readonly string[] {
  const index = text.indexOf(at);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
