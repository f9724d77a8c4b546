import { ConfigMap, PersistentVolumeClaim, Secret, StatefulSet } from '@capstan/kube';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { optional, owned } from '../../controller/reconciler.ts';
import { validating } from '../../webhook/validating.ts';
import { converting } from '../../webhook/webhook.ts';
import type { UninstalledController } from './uninstall-options.ts';
import { uninstallRules } from './uninstall-rules.ts';

const kind = { group: 'example.dev', version: 'v1', kind: 'Cache', plural: 'caches', namespaced: true };
const convertible = { ...kind, convert: (object: object) => object };

function controllerWith(parts: Partial<UninstalledController>): UninstalledController {
  return { kind, owns: [], ...parts };
}

describe('the permissions of uninstalling', () => {
  it('let nobody delete or make a custom resource, a child, a volume or a Secret', () => {
    const owns = fc.subarray([ConfigMap, Secret, PersistentVolumeClaim, StatefulSet]);
    fc.assert(
      fc.property(owns, fc.boolean(), fc.boolean(), (types, finalizes, hasWebhooks) => {
        const controller = controllerWith({
          owns: types.map(owned),
          ...(finalizes && { finalizer: 'example.dev/cache' }),
        });
        const webhooks = hasWebhooks ? [validating(kind), converting(convertible)] : [];
        const { work, cluster, own } = uninstallRules({ name: 'cache-operator', controllers: [controller], webhooks });
        for (const { resources = [], verbs } of work)
          expect(
            verbs.filter((verb) => !['get', 'list', ...(resources[0] === 'caches' ? ['patch'] : [])].includes(verb)),
          ).toEqual([]);
        for (const { resourceNames } of [...cluster, ...own]) expect(resourceNames?.length).toBeGreaterThan(0);
      }),
    );
  });

  it('are for nothing of a kind whose resources have no finalizers', () => {
    expect(uninstallRules({ name: 'a', controllers: [controllerWith({ owns: [owned(Secret)] })] }).work).toEqual([]);
  });

  it('look for volumes also where only a StatefulSet makes them, and for no kind that may be absent', () => {
    const owns = [owned(StatefulSet), optional(owned(Secret))];
    const { work } = uninstallRules({ name: 'a', controllers: [controllerWith({ owns, finalizer: 'example.dev/x' })] });
    const listed = work.filter(({ verbs }) => verbs.length === 1).flatMap(({ resources = [] }) => resources);
    expect(listed).toEqual(['statefulsets', 'persistentvolumeclaims']);
  });

  it('name the Deployment of a release', () => {
    const { own } = uninstallRules({ name: 'a', controllers: [] }, 'release-a');
    expect(own).toContainEqual({
      apiGroups: ['apps'],
      resources: ['deployments/scale'],
      resourceNames: ['release-a'],
      verbs: ['get', 'patch'],
    });
  });
});
