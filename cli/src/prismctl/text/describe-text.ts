import { formatTable } from '../../terminal/table.ts';
import type { ClusterDescription } from '../report/cluster-description.ts';
import { ageText } from './age.ts';
import type { Line, News } from './line.ts';
import { oneLine } from './one-line.ts';
import { statusLines, statusNews } from './status-text.ts';

/** `prismctl kubernetes describe` for people. */
export function describeLines(description: ClusterDescription, now: number): readonly Line[] {
  return [
    ...statusLines(description, now),
    ...section('Conditions', conditionLines(description, now)),
    ...section('Events', eventLines(description, now)),
    ...section('What to do next', stepLines(description)),
  ];
}

/** What is new in it, for an output that nobody can redraw. */
export function describeNews(description: ClusterDescription): readonly News[] {
  const conditions = description.conditions.map(({ type, status, reason, message }) => ({
    about: `condition ${type}`,
    text: `${type}=${status}  ${reason}: ${oneLine(message)}`,
  }));
  const events = description.events.map(({ object, type, reason, note, at }) => ({
    about: `event ${at} ${object} ${reason}`,
    text: `${type}  ${object}  ${reason}: ${oneLine(note)}`,
  }));
  return [...statusNews(description), ...conditions, ...events];
}

function section(title: string, lines: readonly Line[]): readonly Line[] {
  return [{ text: '' }, { text: `${title}:` }, ...lines.map(({ text, ...rest }) => ({ ...rest, text: `  ${text}` }))];
}

function conditionLines({ conditions }: ClusterDescription, now: number): readonly Line[] {
  if (conditions.length === 0) return [{ text: 'none: the operator has not looked at it yet' }];
  const rows = conditions.map(({ type, status, reason, message, lastTransitionTime }) => [
    ...[type, status, reason, ageText(lastTransitionTime, now), oneLine(message)],
  ]);
  return linesOf(formatTable(['TYPE', 'STATUS', 'REASON', 'SINCE', 'MESSAGE'], rows));
}

function eventLines({ events }: ClusterDescription, now: number): readonly Line[] {
  if (events.length === 0) return [{ text: 'none that are remembered' }];
  const rows = events.map(({ at, type, object, reason, note, count }) => [
    ...[ageText(at, now), type, object, reason],
    `${oneLine(note)}${count > 1 ? ` (${count} times)` : ''}`,
  ]);
  const [header, ...lines] = linesOf(formatTable(['AGO', 'TYPE', 'OBJECT', 'REASON', 'NOTE'], rows));
  const coloured = lines.map(
    (line, index): Line => (events[index]?.type === 'Warning' ? { ...line, mood: 'busy' } : line),
  );
  return [...(header === undefined ? [] : [header]), ...coloured];
}

function stepLines({ nextSteps, ready }: ClusterDescription): readonly Line[] {
  if (nextSteps.length > 0) return nextSteps.map((text, index) => ({ text: `${index + 1}. ${text}` }));
  return [{ text: ready ? 'nothing: it is Ready' : 'what its messages say' }];
}

function linesOf(table: string): readonly Line[] {
  return table.split('\n').map((text) => ({ text }));
}
