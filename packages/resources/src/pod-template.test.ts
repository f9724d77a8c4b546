import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { podSecurityViolations, podTemplate } from './index.ts';
import type { PodOptions } from './pod-template.ts';

const owner = { kind: 'Deployment', metadata: { name: 'web', labels: { app: 'web' } }, selector: { one: 'web' } };
const containers = [{ name: 'web', image: 'web:1' }];

function specOf(options: PodOptions) {
  return podTemplate(options, owner).spec;
}

describe('a pod template', () => {
  it('is restricted without a word from its author', () => {
    expect(podTemplate({ containers }, owner)).toEqual({
      metadata: { labels: { app: 'web', one: 'web' } },
      spec: {
        enableServiceLinks: false,
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'web',
            image: 'web:1',
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            },
          },
        ],
      },
    });
  });

  it('keeps the labels of the workload and its selector, whatever labels a resource asks for', () => {
    const labels = { app: 'theirs', one: 'theirs', tier: 'front' };
    expect(podTemplate({ containers, labels }, owner).metadata?.labels).toEqual({
      app: 'web',
      one: 'web',
      tier: 'front',
    });
  });

  it('has what tightens it', () => {
    const spec = specOf({
      containers: [{ name: 'web', securityContext: { runAsUser: 7, capabilities: { add: ['NET_BIND_SERVICE'] } } }],
      securityContext: {
        seccompProfile: { type: 'Localhost', localhostProfile: 'p.json' },
        supplementalGroupsPolicy: 'Strict',
      },
    });
    expect(spec?.securityContext).toMatchObject({
      runAsNonRoot: true,
      supplementalGroupsPolicy: 'Strict',
      seccompProfile: { type: 'Localhost', localhostProfile: 'p.json' },
    });
    expect(spec?.containers[0]?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsUser: 7,
      capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
    });
  });

  it('drops every capability, whatever list a resource gives', () => {
    const spec = specOf({ containers: [{ name: 'web', securityContext: { capabilities: { drop: ['NET_RAW'] } } }] });
    expect(spec?.containers[0]?.securityContext?.capabilities).toEqual({ drop: ['ALL'] });
  });

  it('refuses what would loosen it, naming every field', () => {
    const loose: PodOptions = {
      hostNetwork: true,
      securityContext: { runAsNonRoot: false },
      containers: [{ name: 'web', securityContext: { privileged: true, capabilities: { add: ['SYS_ADMIN'] } } }],
      volumes: [{ name: 'host', hostPath: { path: '/' } }],
    };
    expect(() => podTemplate(loose, owner)).toThrow(
      'Deployment/web: spec.template.spec.hostNetwork: must not be true; ' +
        'spec.template.spec.securityContext.runAsNonRoot: must not be false; ' +
        'spec.template.spec.volumes[0]: hostPath must not be used; these may: configMap, csi, downwardAPI, emptyDir, ' +
        'ephemeral, image, persistentVolumeClaim, projected, secret; ' +
        'spec.template.spec.containers[0].securityContext.privileged: must not be true; ' +
        'spec.template.spec.containers[0].securityContext.capabilities.add[0]: SYS_ADMIN must not be added; only NET_BIND_SERVICE may',
    );
  });

  it('cannot be loosened by nulls of a custom resource, which would otherwise take a default away', () => {
    const nulled: PodOptions = JSON.parse(`{
      "securityContext": {"runAsNonRoot": null, "seccompProfile": null},
      "automountServiceAccountToken": true,
      "containers": [{"name": "web", "securityContext": {"allowPrivilegeEscalation": null, "capabilities": null}}]
    }`);
    expect(podSecurityViolations(podTemplate(nulled, owner))).toEqual([]);
    expect(specOf(nulled)?.automountServiceAccountToken).toBe(false);
  });

  it('either is admitted or refused, whatever contexts it is given', () => {
    const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
    const context = fc.record(
      {
        runAsNonRoot: nullable(fc.boolean()),
        runAsUser: nullable(fc.constantFrom(0, 1, 1000)),
        allowPrivilegeEscalation: nullable(fc.boolean()),
        privileged: nullable(fc.boolean()),
        seccompProfile: nullable(fc.record({ type: fc.constantFrom('RuntimeDefault', 'Unconfined') })),
        capabilities: nullable(
          fc.record({
            add: nullable(fc.subarray(['NET_BIND_SERVICE', 'SYS_TIME'])),
            drop: nullable(fc.subarray(['ALL', 'KILL'])),
          }),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(context, context, (pod, container) => {
        const options = { securityContext: pod, containers: [{ name: 'web', securityContext: container }] };
        const template = triedTemplate(JSON.parse(JSON.stringify(options)));
        expect(template === undefined ? [] : podSecurityViolations(template)).toEqual([]);
      }),
    );
  });

  it('is left as its author wrote it where the author says that it needs the host', () => {
    const options: PodOptions = { podSecurity: 'Privileged', hostNetwork: true, containers };
    expect(specOf(options)).toEqual({
      enableServiceLinks: false,
      automountServiceAccountToken: false,
      hostNetwork: true,
      containers,
    });
  });

  it('mounts a token only when asked', () => {
    expect(specOf({ containers, mountServiceAccountToken: true })?.automountServiceAccountToken).toBe(true);
  });
});

function triedTemplate(options: PodOptions) {
  try {
    return podTemplate(options, owner);
  } catch {
    return undefined;
  }
}
