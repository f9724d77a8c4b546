import type { Container, Pod } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { podCommand } from './pod-command.ts';

const image = {
  entrypoint: ['/usr/bin/node', '/bundles/operator.mjs'],
  files: { '/operator.mjs': '/bundles/operator.mjs' },
};
const nothing = { mounts: {}, referenced: {} };

function podWith(container: Partial<Container>): readonly [Pod, Container] {
  const whole: Container = { name: 'operator', image: 'operator:1', ...container };
  const metadata = { name: 'operator-1', namespace: 'system', uid: 'u' };
  return [{ apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [whole], nodeName: 'node-1' } }, whole];
}

describe('the command of a pod', () => {
  it('is the entrypoint of its image with its arguments', () => {
    const [pod, container] = podWith({ args: ['--leader-elect'] });
    const { command, args } = podCommand(pod, container, image, nothing);
    expect([command, ...args]).toEqual(['/usr/bin/node', '/bundles/operator.mjs', '--leader-elect']);
  });

  it('is what its container says instead, with files of the image as those of this machine', () => {
    const [pod, container] = podWith({ command: ['/node', '/operator.mjs', 'uninstall'], args: ['--deployment=a'] });
    const files = { ...image.files, '/node': '/usr/bin/node' };
    const { command, args } = podCommand(pod, container, { ...image, files }, nothing);
    expect([command, ...args]).toEqual(['/usr/bin/node', '/bundles/operator.mjs', 'uninstall', '--deployment=a']);
  });

  it('finds what is mounted where it lies on this machine, and the value of a variable in an argument', () => {
    const [pod, container] = podWith({
      args: ['--certs=/tls', '--key=/tls/tls.key', '--other=/tlsx', '--me=$(POD_NAME)', '--dollar=$(UNKNOWN)'],
      env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
    });
    const { args } = podCommand(pod, container, image, { mounts: { '/tls': '/tmp/1' }, referenced: {} });
    expect(args.slice(1)).toEqual([
      ...['--certs=/tmp/1', '--key=/tmp/1/tls.key', '--other=/tlsx', '--me=operator-1', '--dollar=$(UNKNOWN)'],
    ]);
  });
});

describe('the environment of a pod', () => {
  it('is what its container says, with the fields of the pod and what is referenced', () => {
    const [pod, container] = podWith({
      env: [
        { name: 'A', value: 'a' },
        { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
        { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
      ],
    });
    const { env } = podCommand(pod, container, image, { mounts: {}, referenced: { PASSWORD: 'p' } });
    expect(env).toEqual({ A: 'a', NODE: 'node-1', PASSWORD: 'p' });
  });

  it.each([
    ['a field that no node tells here', { fieldRef: { fieldPath: "metadata.labels['x']" } }],
    ['a Secret that was not looked up', { secretKeyRef: { name: 's', key: 'k' } }],
  ])('is refused for %s', (_, valueFrom) => {
    const [pod, container] = podWith({ env: [{ name: 'A', valueFrom }] });
    expect(() => podCommand(pod, container, image, nothing)).toThrow(
      'pod operator-1: the value of variable A is not known',
    );
  });
});
