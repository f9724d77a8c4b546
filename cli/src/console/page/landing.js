// @ts-check
import { h, setText } from './dom.js';
import { countByHealth, HEALTHS, healthIcon } from './health.js';
import { keyedList } from './keyed-list.js';
import { objectLine } from './object-link.js';

/** @typedef {import('../api.ts').Health} Health */
/** @typedef {import('../api.ts').Overview} Overview */
/** @typedef {import('../api.ts').TreeNode} TreeNode */

const MOST_LINES = 12;

const firstManifest = `kubectl apply -f - <<'EOF'
apiVersion: streambus.io/v1alpha1
kind: StreamBusCluster
metadata:
  name: my-first
spec:
  replicas: 3
  image: {repository: streambus/broker, tag: latest}
EOF`;

/** What is shown while nothing is selected: how all of it is, and what needs a look. */
export class Landing {
  #waiting = h('p', { class: 'quiet' }, 'Reading the cluster …');
  #nothing = drawNothing();
  #hiddenHint = h(
    'p',
    { class: 'callout plain' },
    'Some kinds are not shown: the list on the left says why. If you may look into one namespace only, name it in the box beside the filter.',
  );
  #mark = h('span', { class: 'mark' });
  #title = h('span');
  #kinds = h('ul', { class: 'kinds' });
  #needs = h('h3', {}, 'Needs a look');
  #lines = h('ul', { class: 'list' });
  #more = h('p', { class: 'quiet' });
  #summary = h('div', {}, h('h2', {}, this.#mark, this.#title), this.#kinds, this.#needs, this.#lines, this.#more);

  /** @param {HTMLElement} box */
  constructor(box) {
    box.append(h('div', { class: 'landing' }, this.#waiting, this.#nothing, this.#hiddenHint, this.#summary));
  }

  /** @param {Overview | undefined} overview nothing was received yet */
  show(overview) {
    const isEmpty = overview?.resources.length === 0;
    this.#waiting.hidden = overview !== undefined;
    this.#nothing.hidden = !isEmpty;
    this.#hiddenHint.hidden = !isEmpty || overview.hidden.length === 0;
    this.#summary.hidden = overview === undefined || isEmpty;
    if (overview !== undefined && !isEmpty) this.#summarise(overview.resources);
  }

  /** @param {readonly TreeNode[]} resources */
  #summarise(resources) {
    const troubled = resources.filter(({ health }) => health !== 'healthy');
    const ordered = troubled.toSorted((a, b) => HEALTHS.indexOf(a.health) - HEALTHS.indexOf(b.health));
    const failing = countByHealth(troubled).get('failing') ?? 0;
    keyedList(this.#mark, [failing > 0 ? 'failing' : 'healthy'], () => 'mark', drawMark);
    setText(this.#title, titleOf(failing, troubled.length, resources.length));
    keyedList(this.#kinds, [...Map.groupBy(resources, ({ ref }) => ref.kind)], ([kind]) => kind, drawKind);
    keyedList(this.#lines, ordered.slice(0, MOST_LINES), ({ ref }) => ref.uid, objectLine);
    setText(this.#more, `and ${ordered.length - MOST_LINES} more, in the tree`);
    this.#needs.hidden = troubled.length === 0;
    this.#more.hidden = ordered.length <= MOST_LINES;
  }
}

function drawNothing() {
  return h(
    'div',
    { class: 'nothing' },
    h('h2', {}, 'Nothing here yet'),
    h(
      'p',
      {},
      'As soon as there is a custom resource of an operator, it is shown here with all that belongs to it. Apply one:',
    ),
    h('pre', { class: 'sample', tabindex: 0, 'aria-label': 'Command' }, h('code', {}, firstManifest)),
    h(
      'p',
      { class: 'quiet' },
      'More to start from: the folder deploy/samples, and the demo, which has one of each kind.',
    ),
  );
}

/**
 * @param {number} failing
 * @param {number} troubled
 * @param {number} all
 */
function titleOf(failing, troubled, all) {
  if (failing > 0) return `${failing} of ${all} ${failing === 1 ? 'is' : 'are'} failing`;
  return troubled > 0 ? 'Nothing is failing' : 'All is well';
}

/** @param {Health} health */
function drawMark(health) {
  return h('span', { class: 'mark' }, healthIcon(health));
}

/** @param {readonly [kind: string, nodes: readonly TreeNode[]]} one */
function drawKind([kind, nodes]) {
  const counts = countByHealth(nodes);
  const present = HEALTHS.toReversed().filter((health) => counts.has(health));
  const told = present.map((health) => `${counts.get(health)}\u00a0${health}`).join(', ');
  const shares = present.map((health) => drawShare(health, counts.get(health) ?? 0));
  return h(
    'li',
    { class: 'kind-card' },
    h('p', { class: 'head' }, h('strong', {}, kind), h('span', { class: 'number' }, String(nodes.length))),
    h('div', { class: 'bar-of-health', 'aria-hidden': 'true' }, ...shares),
    h('p', { class: 'message' }, told),
  );
}

/**
 * @param {Health} health
 * @param {number} count
 */
function drawShare(health, count) {
  const share = h('span', { class: `share ${health}` });
  share.style.flexGrow = String(count);
  return share;
}
