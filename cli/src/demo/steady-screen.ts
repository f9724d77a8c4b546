import { openScreen, type Screen } from '../terminal/screen.ts';

/** A screen on which a line that stays and the picture below it are written at once, so that the picture does not blink. */
export function openSteadyScreen(stream: NodeJS.WriteStream): Screen {
  const screen = openScreen(stream);
  const atOnce = (write: () => void): void => {
    stream.cork();
    try {
      write();
    } finally {
      stream.uncork();
    }
  };
  return {
    isTerminal: screen.isTerminal,
    get columns() {
      return screen.columns;
    },
    print: (line) => atOnce(() => screen.print(line)),
    show: (drawing) => atOnce(() => screen.show(drawing)),
    redraw: () => screen.redraw(),
    [Symbol.dispose]: () => screen[Symbol.dispose](),
  };
}
