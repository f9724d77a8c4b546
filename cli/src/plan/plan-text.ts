import type { Condition } from '@capstan/kube';
import type { Preview, PreviewAction, PreviewedChild } from '@capstan/runtime';
import { objectDiff } from './object-diff.ts';
import type { PlannedResource, PlanSummary } from './planned-resource.ts';

/** Puts colour on a text, or leaves it as it is where nobody wants colour. */
export type Paint = (colour: 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold', text: string) => string;

export interface TextOptions {
  readonly paint: Paint;
  /** One line per object, without diffs. */
  readonly isBrief: boolean;
}

const signs: Readonly<Record<PreviewAction, { readonly sign: string; readonly colour: Parameters<Paint>[0] }>> = {
  create: { sign: '+', colour: 'green' },
  change: { sign: '~', colour: 'yellow' },
  repair: { sign: '~', colour: 'yellow' },
  adopt: { sign: '~', colour: 'yellow' },
  recreate: { sign: '±', colour: 'red' },
  remove: { sign: '-', colour: 'red' },
  keep: { sign: '=', colour: 'dim' },
  contested: { sign: '!', colour: 'yellow' },
  refused: { sign: '!', colour: 'red' },
  terminating: { sign: '…', colour: 'dim' },
  skipped: { sign: '?', colour: 'dim' },
  unknown: { sign: '?', colour: 'yellow' },
};

/** The plan of one resource as lines for a person. */
export function resourceLines(planned: PlannedResource, options: TextOptions): readonly string[] {
  const { paint } = options;
  const { kind, namespace, name } = planned.resource;
  const title = paint('bold', `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`);
  const from = planned.source === undefined ? '' : paint('dim', ` (${planned.source})`);
  switch (planned.verdict) {
    case 'Skipped':
      return [paint('dim', `${kind} ${name} (${planned.source}): no operator here knows this kind`)];
    case 'Invalid':
      return [
        `${title}${from} ${paint('red', 'would be refused:')}`,
        ...planned.violations.map(({ path, message }) => `  ${path === '' ? '' : `${path}: `}${message}`),
      ];
    case 'Planned':
      return [`${title}${from}${editText(planned)}`, ...previewLines(planned.preview, options)];
  }
}

/** `2 to create, 1 to change, 1 to remove; 3 pods restart`. */
export function summaryText(summary: PlanSummary): string {
  const { create, change, recreate, remove, unknown, refused, restarts, stops, edits } = summary;
  const counted: readonly (readonly [number, string])[] = [
    [create, 'to create'],
    [change, 'to change'],
    [recreate, 'to recreate'],
    [remove, 'to remove'],
    [refused, 'refused'],
    [unknown, 'not to be foretold'],
  ];
  const parts = counted.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const nothing = edits > 0 ? 'no child changes' : 'nothing to do';
  const pods = [
    ...(restarts > 0 ? [`${plural(restarts, 'pod')} ${restarts === 1 ? 'restarts' : 'restart'}`] : []),
    ...(stops > 0 ? [`${plural(stops, 'pod')} ${stops === 1 ? 'goes' : 'go'}`] : []),
  ];
  return [parts.length === 0 ? nothing : parts.join(', '), ...pods].join('; ');
}

function editText({ edit, editedFields }: Extract<PlannedResource, { verdict: 'Planned' }>): string {
  if (edit === 'create') return ': new';
  if (edit === 'none') return '';
  const named = editedFields.slice(0, 4).join(', ');
  const more = editedFields.length > 4 ? ` and ${editedFields.length - 4} more` : '';
  return `: ${named}${more} ${editedFields.length === 1 ? 'changes' : 'change'}`;
}

function previewLines({ children, refusal, error, status, notes }: Preview, options: TextOptions): readonly string[] {
  const { paint } = options;
  const kept = children.filter(({ action }) => action === 'keep').length;
  return [
    ...notes.map((note) => paint('yellow', `  note: ${note}`)),
    ...(refusal === undefined ? [] : [paint('red', `  ! refused (${refusal.reason}): ${refusal.message}`)]),
    ...(error === undefined ? [] : [paint('red', `  ! the pass would fail: ${error}`)]),
    ...children.filter(({ action }) => action !== 'keep').flatMap((child) => childLines(child, options)),
    ...(kept === 0 ? [] : [paint('dim', `  = ${plural(kept, 'child', 'children')} as wanted`)]),
    ...conditionLines(status, options),
  ];
}

function childLines(child: PreviewedChild, { paint, isBrief }: TextOptions): readonly string[] {
  const { sign, colour } = signs[child.action];
  const { kind, namespace: _namespace, name, action, heldBy, detail, pods } = child;
  const why = [
    ...(['create', 'change', 'remove'].includes(action) ? [] : [action]),
    ...(detail === undefined ? [] : [detail]),
    ...(heldBy === undefined ? [] : [`waits for step "${heldBy}"`]),
  ].join(': ');
  const head = `  ${paint(colour, `${sign} ${kind}/${name}`)}${why === '' ? '' : `  ${why}`}`;
  const effect = pods === undefined ? [] : [paint('yellow', `      ${podText(pods)}`)];
  return [head, ...effect, ...(isBrief ? [] : diffLines(child, paint))];
}

/** `3 pods restart: one after the other`. */
export function podText({ restarts, stops, how }: NonNullable<PreviewedChild['pods']>): string {
  const counts = [
    ...(restarts > 0 ? [`${plural(restarts, 'pod')} ${restarts === 1 ? 'restarts' : 'restart'}`] : []),
    ...(stops > 0 ? [`${plural(stops, 'pod')} ${stops === 1 ? 'goes' : 'go'}`] : []),
  ];
  return counts.length === 0 ? how : `${counts.join(', ')}: ${how}`;
}

/** A new object is shown as the operator asks for it: what the server adds is the same for everybody. */
function diffLines({ action, before, after, desired }: PreviewedChild, paint: Paint): readonly string[] {
  const next = before === undefined ? desired : after;
  const lines = action === 'remove' ? [] : objectDiff(before, next);
  return lines.map(({ sign, text }) => {
    if (sign === '@') return paint('cyan', `      @@${text}`);
    const line = `    ${sign} ${text}`.trimEnd();
    return sign === ' ' ? line : paint(sign === '+' ? 'green' : 'red', line);
  });
}

/** Conditions whose status or reason the pass would change. */
function conditionLines(status: Preview['status'], { paint }: TextOptions): readonly string[] {
  if (status === undefined) return [];
  const before = new Map(conditionsIn(status.before).map((condition) => [condition.type, condition]));
  return conditionsIn(status.after).flatMap(({ type, status: now, reason, message }) => {
    const former = before.get(type);
    if (former?.status === now && former.reason === reason) return [];
    const was = former === undefined || former.status === now ? '' : `${former.status} -> `;
    return [`  ${paint('cyan', 'status')} ${type}=${was}${now} (${reason}): ${message}`];
  });
}

function conditionsIn(status: object): readonly Condition[] {
  const conditions = 'conditions' in status ? status.conditions : undefined;
  // A status of a kind with conditions has them in the standard form.
  return Array.isArray(conditions) ? (conditions as readonly Condition[]) : [];
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
