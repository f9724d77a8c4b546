import type { KubeObject } from '@capstan/kube';
import { expect, test } from 'vitest';
import { shownYaml } from './shown-yaml.ts';

const Shop = { group: 'shop.dev', version: 'v1', kind: 'Shop', plural: 'shops', namespaced: true } as const;

function shop(spec: object, metadata: object = {}): KubeObject {
  const object = {
    apiVersion: 'shop.dev/v1',
    kind: 'Shop',
    metadata: { name: 'a', namespace: 'n', ...metadata },
    spec,
    status: { ok: true },
  };
  return object;
}

test('what is edited is what one would apply', () => {
  const metadata = {
    ...{
      uid: 'u',
      resourceVersion: '1',
      generation: 3,
      creationTimestamp: '2026-01-01T00:00:00Z',
      finalizers: ['f'],
      managedFields: [],
    },
    ...{
      labels: { l: '1' },
      annotations: { mine: '1', 'shop.dev/applied': 'seal', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    },
  };
  const { yaml, editable } = shownYaml(shop({ size: 1 }, metadata), 'shop.dev', Shop);
  expect(editable).toBe(
    'apiVersion: shop.dev/v1\nkind: Shop\nmetadata:\n  name: a\n  namespace: n\n  labels:\n    l: "1"\n  annotations:\n    mine: "1"\nspec:\n  size: 1\n',
  );
  expect(yaml).toContain('uid: u\n');
  expect(yaml).toContain('status:\n  ok: true\n');
  expect(yaml).not.toMatch(/managedFields|last-applied|seal/);
});

test('what holds a secret in plain text is shown without it, and is not edited without it', () => {
  const spec = { env: [{ name: 'DB_PASSWORD', value: 'hunter2' }] };
  const shown = shownYaml(shop(spec), 'shop.dev', Shop);
  expect(JSON.stringify(shown)).not.toContain('hunter2');
  expect(shown).toMatchObject({ notEditable: expect.stringContaining('secrets in plain text') });
});

test('another version than the one of the operator is not edited, and neither is what is no custom resource', () => {
  const { notEditable } = shownYaml({ ...shop({}), apiVersion: 'shop.dev/v2' }, 'shop.dev', Shop);
  expect(notEditable).toBe('it is of version shop.dev/v2, and the operator works with shop.dev/v1');
  expect(Object.keys(shownYaml(shop({}), 'shop.dev', undefined))).toEqual(['yaml']);
});
