import type { PreviewedChild } from '@capstan/runtime';
import { objectDiff } from '../../plan/object-diff.ts';
import { podText, summaryText } from '../../plan/plan-text.ts';
import { type PlannedResource, summaryOf } from '../../plan/planned-resource.ts';
import type { PlannedChange, PlanView } from '../api.ts';

/** What is planned, as the page shows it. Pure. */
export function planView(planned: readonly PlannedResource[], warnings: readonly string[]): PlanView {
  return {
    changes: planned.flatMap(changesOf),
    problems: [...planned.flatMap(problemsOf), ...warnings.map((text) => `warning from the API server: ${text}`)],
    summary: summaryText(summaryOf(planned)),
  };
}

function changesOf(planned: PlannedResource): readonly PlannedChange[] {
  if (planned.verdict !== 'Planned') return [];
  const { edit, editedFields, preview, resource } = planned;
  const why = editedFields.length === 0 ? {} : { why: editedFields.join(', ') };
  const own = edit === 'none' ? [] : [{ object: nameOf(resource), action: edit, ...why, diff: [] }];
  return [...own, ...preview.children.filter(({ action }) => action !== 'keep').map(changeOf)];
}

function changeOf(child: PreviewedChild): PlannedChange {
  const { action, pods, detail, heldBy, before, after, desired } = child;
  const why = [
    ...(pods === undefined ? [] : [podText(pods)]),
    ...(detail === undefined ? [] : [detail]),
    ...(heldBy === undefined ? [] : [`waits for step "${heldBy}"`]),
  ].join('; ');
  // A new object is shown as the operator asks for it: what the server adds is the same for everybody.
  const lines = action === 'remove' ? [] : objectDiff(before, before === undefined ? desired : after);
  return {
    object: nameOf(child),
    action,
    ...(why !== '' && { why }),
    diff: lines.map(({ sign, text }) => (sign === '@' ? `@@${text}` : `${sign}${text}`)),
  };
}

function problemsOf(planned: PlannedResource): readonly string[] {
  const { resource } = planned;
  switch (planned.verdict) {
    case 'Skipped':
      return [`${nameOf(resource)}: no operator here knows this kind`];
    case 'Invalid':
      return planned.violations.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
    case 'Planned': {
      const { refusal, error, notes } = planned.preview;
      return [
        ...(refusal === undefined ? [] : [`it would be refused (${refusal.reason}): ${refusal.message}`]),
        ...(error === undefined ? [] : [`the operator's pass would fail: ${error}`]),
        ...notes,
      ];
    }
  }
}

interface Named {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

function nameOf({ kind, namespace, name }: Named): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
