import { describe, expect, it } from 'vitest';
import { flagsCommand, parseFlags } from './flags.ts';

describe('the command line of the operator', () => {
  it('has a default for everything', () => {
    expect(parseFlags([])).toEqual({
      namespaces: [],
      logLevel: 'info',
      concurrency: 16,
      lingerImage: 'registry.k8s.io/pause:3.10',
    });
  });

  it('takes every flag, and namespaces as often as they are given', () => {
    const args =
      '--kubeconfig /k --context c --namespace a b --namespace d --log-level debug --concurrency 2 --linger-image p:1';
    expect(parseFlags(args.split(' '))).toEqual({
      kubeconfig: '/k',
      context: 'c',
      namespaces: ['a', 'b', 'd'],
      logLevel: 'debug',
      concurrency: 2,
      lingerImage: 'p:1',
    });
  });

  it.each([['--concurrency', '0'], ['--concurrency', 'many'], ['--log-level', 'loud'], ['--leader-elect'], ['extra']])(
    'refuses %s %s',
    (...args) => {
      const silent = flagsCommand()
        .exitOverride()
        .configureOutput({ writeErr: () => {} });
      expect(() => silent.parse(args, { from: 'user' })).toThrow();
    },
  );
});
