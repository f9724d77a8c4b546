import { toYaml } from '@capstan/crd';
import { isGroup, type Values } from './value.ts';

const widest = 110;

/** The `values.yaml` of a chart: every value with what it does above it. */
export function valuesYaml(title: string, values: Values): string {
  return `# ${title}\n\n${blocks(values, 0).join('\n')}`;
}

/** A block per value: those at the top have a line between them. */
function blocks(values: Values, depth: number): readonly string[] {
  const indent = '  '.repeat(depth);
  return Object.entries(values).map(([key, value]) => {
    const comment = wrapped(value.about, widest - indent.length - 2).map((line) => `${indent}# ${line}\n`);
    const body = isGroup(value)
      ? `${indent}${key}:\n${blocks(value.values, depth + 1).join('')}`
      : indented(toYaml({ [key]: value.default }), indent);
    return `${comment.join('')}${body}`;
  });
}

function indented(text: string, indent: string): string {
  return text.replace(/^(?=.)/gm, indent);
}

/** The words of a text in lines no longer than this, if no word is. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
