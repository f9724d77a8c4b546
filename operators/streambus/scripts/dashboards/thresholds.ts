import type { Thresholds } from './grafana-dashboard.ts';

/** Nothing to judge: a value in the colour of text. */
export const plain: Thresholds = { mode: 'absolute', steps: [{ color: 'text', value: null }] };

/** Green below both; yellow and red from the given values upwards. */
export function worseFrom(yellow: number, red: number): Thresholds {
  return {
    mode: 'absolute',
    steps: [
      { color: 'green', value: null },
      { color: 'yellow', value: yellow },
      { color: 'red', value: red },
    ],
  };
}

/** Green below, yellow from the given value upwards: worth a look, nothing is broken. */
export function worthALookFrom(yellow: number): Thresholds {
  return {
    mode: 'absolute',
    steps: [
      { color: 'green', value: null },
      { color: 'yellow', value: yellow },
    ],
  };
}

/** Green below, red from the given value upwards. */
export function badFrom(red: number): Thresholds {
  return {
    mode: 'absolute',
    steps: [
      { color: 'green', value: null },
      { color: 'red', value: red },
    ],
  };
}

/** Red below, green from the given value upwards. */
export function goodFrom(green: number): Thresholds {
  return {
    mode: 'absolute',
    steps: [
      { color: 'red', value: null },
      { color: 'green', value: green },
    ],
  };
}
