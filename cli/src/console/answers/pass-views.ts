import type { ObjectHistory, PassRecord } from '@capstan/runtime';
import { resultText, triggerText } from '../../explain/pass-text.ts';
import type { PassView } from '../api.ts';

/** The passes of an object, the newest first. Pure. */
export function passViews({ passes }: ObjectHistory): readonly PassView[] {
  return passes.toReversed().map(passView);
}

function passView(pass: PassRecord): PassView {
  const { startedAt, durationMs, triggers, error, children, removals = [], calls, omitted } = pass;
  return {
    at: startedAt,
    durationMs,
    triggers: triggers.map(triggerText),
    outcome: error === undefined ? resultText(pass) : `${resultText(pass)}: ${error}`,
    children: [
      ...children.map(({ child, action, detail, heldBy }) => {
        const why = detail ?? (heldBy === undefined ? undefined : `waits for step "${heldBy}"`);
        return { child, action, ...(why !== undefined && { why }) };
      }),
      ...removals.map(({ kind, name, result }) => ({ child: `${kind}/${name}`, action: result })),
    ],
    requests: calls.length + (omitted?.calls ?? 0),
  };
}
