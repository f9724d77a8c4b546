// @ts-check
import { forgetAccess, hasAccess, takeKeyFromAddress } from './access.js';
import { keepAges } from './ages.js';
import { DetailPane } from './detail.js';
import { DetailLoader } from './detail-loader.js';
import { byId, setText } from './dom.js';
import { FilterBar } from './filter-bar.js';
import { HiddenKinds } from './hidden-kinds.js';
import { Keys } from './keys.js';
import { Landing } from './landing.js';
import { LivenessSign } from './liveness.js';
import { Login } from './login.js';
import { hashOf, namesIn, routeOf, TABS } from './route.js';
import { NotAnswered, Server } from './server.js';
import { Store } from './store.js';
import { OverviewStream } from './stream.js';
import { ThemeSwitch } from './theme.js';
import { Tree } from './tree.js';
import { keyOf, keysAbove, pathTo, rowsOf } from './tree-rows.js';

/** @typedef {import('./route.js').Route} Route */
/** @typedef {import('./store.js').State} State */

takeKeyFromAddress();

/** @type {State} */
const start = {
  ...{ session: undefined, overview: undefined, selected: undefined },
  ...{ liveness: { phase: 'connecting' }, route: routeOf(location.hash), toggled: new Map() },
};
const store = new Store(start);
const server = new Server(() => store.state.route.namespace);
/** @type {OverviewStream | undefined} */
let stream;
/** The selected object, until it was brought into sight once. @type {string | undefined} */
let toReveal = store.state.route.object;

const login = new Login(() => void enter());
const loader = new DetailLoader(
  server,
  (selected) => {
    // What was known stays on the screen beside a problem that may pass.
    const known = store.state.selected?.object === selected.object ? store.state.selected.detail : undefined;
    const kept = known !== undefined && selected.isGone !== true ? { detail: known } : {};
    store.set({ selected: { ...kept, ...selected } });
  },
  refuse,
);
const liveness = new LivenessSign(byId('liveness', HTMLElement), byId('banner', HTMLElement), () => stream?.retryNow());
const hidden = new HiddenKinds(byId('hidden', HTMLElement));
const landing = new Landing(byId('landing', HTMLElement));
const theme = new ThemeSwitch(byId('theme', HTMLButtonElement));
const tree = new Tree(byId('tree', HTMLElement), { toggle, open: (object) => open(object) });
const filterBar = new FilterBar(byId('filter-bar', HTMLElement), {
  filter: (filter) => narrow({ filter }),
  healths: (healths) => narrow({ healths }),
  namespace: (namespace) => narrow({ namespace }),
  leave: () => tree.focus(),
});
const detail = new DetailPane(byId('detail', HTMLElement), server, {
  selectTab: (tab) => go({ tab }),
  close,
  onRefused: refuse,
});
const keys = new Keys(byId('keys', HTMLDialogElement), [
  { keys: ['/'], does: 'to the filter', act: () => filterBar.focus() },
  { keys: TABS.map((_, index) => String(index + 1)), does: 'the tabs of the details', act: selectTab },
  { keys: ['t'], does: 'light, dark, or as the system', act: () => theme.next() },
  { keys: ['Esc'], does: 'leave a box, the details, this help', act: close },
]);

byId('show-keys', HTMLButtonElement).addEventListener('click', () => keys.showHelp());
byId('leave', HTMLButtonElement).addEventListener('click', () =>
  refuse(new NotAnswered(401, { message: '', login: 'token' })),
);
byId('home', HTMLAnchorElement).addEventListener('click', (event) => {
  event.preventDefault();
  close();
});
byId('clear', HTMLButtonElement).addEventListener('click', () => narrow({ filter: '', healths: [] }));
document.addEventListener('click', followLink);
window.addEventListener('hashchange', () => {
  // The printed address may be opened in a tab that is there already.
  const hasKey = takeKeyFromAddress();
  store.set({ route: routeOf(location.hash) });
  if (hasKey) void enter();
});
window.addEventListener('online', () => stream?.retryNow());
store.listen(show);
keepAges();
show(store.state, store.state);
void enter();

/** Asks who is here, and starts to listen. */
async function enter() {
  try {
    const session = await server.session();
    if (document.body.classList.contains('is-locked')) unlock();
    store.set({ session });
    listen();
  } catch (error) {
    if (error instanceof NotAnswered && error.status === 401) return refuse(error);
    // The stream tells that nothing answers, and connects as soon as something does.
    listen();
  }
}

function unlock() {
  login.hide();
  document.body.classList.remove('is-locked');
  filterBar.focus();
}

/** Tells who is here, where that could not be asked at the beginning. */
async function learnSession() {
  const session = await server.session().catch(() => undefined);
  store.set({ session });
}

function listen() {
  stream?.close();
  stream = new OverviewStream(server, {
    onOverview: (overview) => {
      store.set({ overview });
      loader.refresh();
      if (store.state.session === undefined) void learnSession();
    },
    onLiveness: (now) => store.set({ liveness: now }),
    onRefused: refuse,
  });
  loader.select(undefined);
  loader.select(store.state.route.object);
}

/**
 * The visitor is not let in, or not any more: forgets everything, and asks.
 * @param {NotAnswered} refusal
 */
function refuse(refusal) {
  const had = hasAccess();
  const wanted = refusal.login ?? (store.state.session?.mode === 'token' ? 'token' : 'key');
  stream?.close();
  loader.select(undefined);
  forgetAccess();
  store.set({ session: undefined, overview: undefined, selected: undefined, liveness: { phase: 'connecting' } });
  document.body.classList.add('is-locked');
  login.ask(wanted, had ? refusal.message : '');
}

/**
 * Shows something else, and lets the reader come back.
 * @param {Partial<Route>} changes
 */
function go(changes) {
  const hash = hashOf({ ...store.state.route, ...changes });
  if (hash !== location.hash) location.hash = hash;
}

/**
 * Narrows the tree down; typing leaves no trail in the history.
 * @param {Partial<Route>} changes
 */
function narrow(changes) {
  const route = { ...store.state.route, ...changes };
  history.replaceState(null, '', hashOf(route));
  store.set({ route });
}

/** @param {string} object */
function open(object) {
  go({ object });
  // The list goes out of sight there, and the focus would be lost with it.
  if (isNarrow()) afterNavigation(() => detail.focus());
}

/** @param {string} digit of the tab, from 1 */
function selectTab(digit) {
  const tab = TABS[Number(digit) - 1];
  if (tab !== undefined && store.state.route.object !== undefined) go({ tab });
}

function close() {
  if (store.state.route.object === undefined) return tree.focus();
  go({ object: undefined, tab: 'overview' });
  // Where the list was out of sight, it has to come back first.
  afterNavigation(() => tree.focus());
}

/** @param {() => void} act done once the page shows what the new address says */
function afterNavigation(act) {
  addEventListener('hashchange', () => queueMicrotask(act), { once: true });
}

/**
 * @param {string} key
 * @param {boolean} isExpanded
 */
function toggle(key, isExpanded) {
  store.set({ toggled: new Map(store.state.toggled).set(key, isExpanded) });
}

/** @param {MouseEvent} event */
function followLink(event) {
  const link = event.target instanceof Element ? event.target.closest('a[data-object]') : null;
  if (!(link instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go({ object: link.dataset['object'], tab: 'overview' });
}

/**
 * @param {State} state
 * @param {State} before
 */
function show(state, before) {
  const { route, overview } = state;
  if (route.object !== before.route.object) toReveal = route.object;
  const isIn = stream !== undefined && !document.body.classList.contains('is-locked');
  if (isIn && route.namespace !== before.route.namespace) listen();
  else if (isIn && route.object !== before.route.object) loader.select(route.object);
  showSession(state);
  liveness.show(state.liveness, overview?.stale);
  hidden.show(overview?.hidden ?? []);
  filterBar.show(overview?.resources ?? [], route);
  showTree(state);
  showDetail(state);
  showTitle(state);
}

/** @param {State} state */
function showSession({ session }) {
  setText(byId('cluster', HTMLElement), session?.cluster ?? '');
  const who =
    session === undefined
      ? ''
      : `${session.user} · Kubernetes ${session.kubernetesVersion} · Capstan ${session.version}`;
  setText(byId('who', HTMLElement), who);
  byId('leave', HTMLButtonElement).hidden = session?.mode !== 'token';
}

/** @param {State} state */
function showTree({ overview, route, toggled }) {
  const resources = overview?.resources ?? [];
  const path = route.object === undefined ? [] : pathTo(resources, route.object);
  const isToReveal = toReveal !== undefined && toReveal === route.object && path.length > 0;
  const open = isToReveal
    ? new Map([...toggled, ...keysAbove(path).map((key) => /** @type {const} */ ([key, true]))])
    : toggled;
  const rows = rowsOf(resources, { filter: route.filter, healths: route.healths, toggled: open });
  const selected = keyOf(path);
  tree.show(rows, selected);
  byId('no-match', HTMLElement).hidden = rows.length > 0 || resources.length === 0;
  if (!isToReveal || selected === undefined) return;
  toReveal = undefined;
  store.set({ toggled: open });
  tree.reveal(selected);
}

/** @param {State} state */
function showDetail({ overview, route, selected }) {
  const isOpen = route.object !== undefined;
  document.body.dataset['pane'] = isOpen ? 'detail' : 'list';
  byId('detail', HTMLElement).hidden = !isOpen;
  byId('landing', HTMLElement).hidden = isOpen;
  landing.show(overview);
  if (route.object === undefined) return;
  const known = selected?.object === route.object ? selected : { object: route.object };
  detail.show(known, pathTo(overview?.resources ?? [], route.object), route.tab);
}

/**
 * What one tab of many is about.
 * @param {State} state
 */
function showTitle({ overview, route }) {
  const name = route.object && namesIn(route.object).name;
  const failing = overview?.resources.filter(({ health }) => health === 'failing').length ?? 0;
  const what = name ?? (failing > 0 ? `${failing} failing` : undefined);
  document.title = what === undefined ? 'Capstan console' : `${what} · Capstan console`;
}

function isNarrow() {
  return matchMedia('(max-width: 760px)').matches;
}
