// @ts-check

/** @typedef {import('../api.ts').ObjectRef} ObjectRef */
/** @typedef {import('../api.ts').Health} Health */
/** @typedef {'overview' | 'events' | 'passes' | 'yaml' | 'plan'} Tab */

/**
 * What the address says is shown.
 * @typedef {object} Route
 * @property {string | undefined} object as {@link objectPath} writes it
 * @property {Tab} tab
 * @property {string} filter
 * @property {readonly Health[]} healths empty: all
 * @property {string} namespace empty: all
 */

/** @type {readonly Tab[]} */
export const TABS = ['overview', 'events', 'passes', 'yaml', 'plan'];

/** @type {ReadonlySet<string>} */
const healths = new Set(['healthy', 'progressing', 'failing', 'paused', 'deleting', 'unknown']);

/**
 * An object's part of an address, here and at the server: `core/pods/shop/orders-0`; `-` where no namespace holds it.
 * @param {Pick<ObjectRef, 'group' | 'plural' | 'namespace' | 'name'>} ref
 */
export function objectPath({ group, plural, namespace, name }) {
  return [group || 'core', plural, namespace ?? '-', name].map(encodeURIComponent).join('/');
}

/**
 * The hash of an address that shows this.
 * @param {Route} route
 */
export function hashOf({ object, tab, filter, healths, namespace }) {
  const path = object === undefined ? '' : `${object}${tab === 'overview' ? '' : `/${tab}`}`;
  const query = new URLSearchParams();
  if (filter !== '') query.set('filter', filter);
  if (healths.length > 0) query.set('health', healths.join(','));
  if (namespace !== '') query.set('namespace', namespace);
  return `#/${path}${query.size === 0 ? '' : `?${query}`}`;
}

/**
 * What a hash says; whatever it does not say, or says wrongly, is as at the beginning.
 * @param {string} hash
 * @returns {Route}
 */
export function routeOf(hash) {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [group, plural, namespace, name, tab] = path.split('/');
  const said = new URLSearchParams(query);
  return {
    object: objectOf(group, plural, namespace, name),
    tab: TABS.find((known) => known === tab) ?? 'overview',
    filter: said.get('filter') ?? '',
    healths: (said.get('health') ?? '').split(',').filter(isHealth),
    namespace: said.get('namespace') ?? '',
  };
}

/**
 * What {@link objectPath} was made of.
 * @param {string} object
 */
export function namesIn(object) {
  const [group = '', plural = '', namespace = '', name = ''] = object.split('/').map(decodeURIComponent);
  return { group, plural, namespace: namespace === '-' ? undefined : namespace, name };
}

/**
 * @param {readonly (string | undefined)[]} parts
 * @returns {string | undefined} nothing where a part is missing, or is not encoded as it should be
 */
function objectOf(...parts) {
  try {
    return parts.every((part) => part && decodeURIComponent(part)) ? parts.join('/') : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} word
 * @returns {word is Health}
 */
function isHealth(word) {
  return healths.has(word);
}
