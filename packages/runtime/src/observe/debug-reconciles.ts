import { kindNameOf, type ResourceType } from '@capstan/kube';
import type { PassHistory, ReconciledObject } from './pass-history.ts';
import { HttpRefusal, type HttpReply, jsonReply } from './serving/http-server.ts';

const root = '/debug/reconciles';

/** The segment that stands for no namespace, as in the names of cluster-scoped kinds. */
const clusterScope = '_';

/**
 * Answers `GET /debug/reconciles` with `{ objects: HistorySummary[] }`, and
 * `GET /debug/reconciles/<kind>/<namespace>/<name>` with an {@link ObjectHistory}. The kind is told as `StreamBusCluster`,
 * `streambusclusters` or either with its group, in any case; the namespace of a cluster-scoped object is `_`.
 *
 * @throws {HttpRefusal} 404 for what is not known, with a sentence that says what is
 */
export function debugReconciles(path: string, history: PassHistory, kinds: readonly ResourceType[]): HttpReply {
  const segments = segmentsOf(path.slice(root.length));
  if (segments.length === 0) return jsonReply({ objects: history.list() });
  const [kind = '', namespace = '', name = '', ...rest] = segments;
  if (segments.length < 3 || rest.length > 0)
    throw new HttpRefusal(404, `ask for ${root} or ${root}/<kind>/<namespace or _>/<name>`);
  const object: ReconciledObject = {
    kind: kindNamed(kind, kinds),
    name,
    ...(namespace !== clusterScope && { namespace }),
  };
  const found = history.of(object);
  if (found !== undefined) return jsonReply(found);
  const where = object.namespace === undefined ? '' : ` in namespace ${object.namespace}`;
  throw new HttpRefusal(404, `no pass of ${object.kind} ${name}${where} is remembered; ${root} lists what is`);
}

function kindNamed(text: string, kinds: readonly ResourceType[]): string {
  const wanted = text.toLowerCase();
  const found = kinds.find((type) => namesOf(type).includes(wanted));
  if (found !== undefined) return kindNameOf(found);
  const known = [...new Set(kinds.map((type) => type.kind))].join(', ');
  throw new HttpRefusal(404, `this operator drives no kind "${text}"; it drives ${known}`);
}

function namesOf({ kind, plural, group }: ResourceType): readonly string[] {
  return [kind, plural, `${kind}.${group}`, `${plural}.${group}`].map((name) => name.toLowerCase());
}

function segmentsOf(path: string): readonly string[] {
  try {
    return path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
  } catch {
    throw new HttpRefusal(400, 'the path is not well encoded');
  }
}
