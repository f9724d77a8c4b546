import { defineConfig } from 'vitest/config';

const sources = ['packages/*/src', 'operators/*/src', 'examples/*/src', 'cli/src', 'bench/src', 'test/src'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: sources.map((dir) => `${dir}/**/*.test.ts`),
          exclude: ['**/*.live.test.ts', '**/*.druid.test.ts'],
          // Nothing here waits for time to pass: this only ends what hangs, also on a machine with much else to do.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'live',
          include: sources.map((dir) => `${dir}/**/*.live.test.ts`),
          globalSetup: 'test/src/setup/control-plane.ts',
          pool: 'forks',
          // Two cores run the control plane and the tests; more workers only make each of them slower.
          maxWorkers: 2,
          testTimeout: 180_000,
          hookTimeout: 240_000,
        },
      },
      {
        // A real Druid: heavy, so only `npm run test:druid` runs these.
        test: {
          name: 'druid',
          include: sources.map((dir) => `${dir}/**/*.druid.test.ts`),
          globalSetup: 'test/src/setup/control-plane.ts',
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
