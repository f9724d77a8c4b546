import { styleText } from 'node:util';
import { stringify } from 'yaml';
import { openScreen } from '../terminal/screen.ts';
import { tellNews } from './news-teller.ts';
import type { Showable } from './showable.ts';
import type { Line } from './text/line.ts';

export type OutputFormat = 'text' | 'json' | 'yaml';

/** Where something is shown each time it changes. */
export interface Stage<T> extends Disposable {
  show(value: T): void;
  /** Says why no changes come, until the next one does. */
  tell(problem: string): void;
}

/** Ages move on although nothing happens; nobody is asked for that. */
const redrawMs = 1_000;
const colours = { busy: 'yellow', bad: 'red' } as const;

/** Colours a line where a person looks at a terminal that shows it; NO_COLOR and FORCE_COLOR are respected. */
export function painted({ text, mood = 'good' }: Line): string {
  return mood === 'good' ? text : styleText(colours[mood], text, { stream: process.stdout });
}

/** The stage for a format: a terminal is redrawn, anything else gets a line for each thing that changed, or a document for each change. */
export function openStage<T>(shown: Showable<T>, output: OutputFormat): Stage<T> {
  if (output !== 'text') return documentStage(output);
  return process.stdout.isTTY ? terminalStage(shown) : lineStage(shown);
}

function terminalStage<T>(shown: Showable<T>): Stage<T> {
  const screen = openScreen(process.stdout);
  const ageing = setInterval(() => screen.redraw(), redrawMs);
  let problem: string | undefined;
  return {
    show: (value) => {
      problem = undefined;
      screen.show((columns) =>
        [...shown.lines(value, Date.now()), ...(problem === undefined ? [] : [{ text: problem, mood: 'bad' } as const])]
          .map(({ text, ...rest }) => ({ ...rest, text: text.slice(0, columns) }))
          .map(painted),
      );
    },
    tell: (text) => {
      problem = text;
      screen.redraw();
    },
    [Symbol.dispose]: () => {
      clearInterval(ageing);
      screen[Symbol.dispose]();
    },
  };
}

function lineStage<T>(shown: Showable<T>): Stage<T> {
  const news = tellNews((text) => console.log(`${new Date().toISOString().slice(11, 19)}  ${text}`));
  let isFirst = true;
  return {
    show: (value) => {
      if (isFirst) for (const line of shown.lines(value, Date.now())) console.log(line.text);
      news(shown.news(value), isFirst);
      isFirst = false;
    },
    tell: tellOnStderr,
    [Symbol.dispose]: () => {},
  };
}

/** JSON in a line for each change, YAML after `---`. */
function documentStage<T>(output: Exclude<OutputFormat, 'text'>): Stage<T> {
  let last = '';
  return {
    show: (value) => {
      const text = output === 'json' ? `${JSON.stringify(value)}\n` : `---\n${stringify(value)}`;
      if (text !== last) process.stdout.write(text);
      last = text;
    },
    tell: tellOnStderr,
    [Symbol.dispose]: () => {},
  };
}

function tellOnStderr(problem: string): void {
  console.error(`prismctl: ${problem}`);
}
