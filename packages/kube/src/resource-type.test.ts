import { describe, expect, it } from 'vitest';
import { ConfigMap, Namespace, StatefulSet } from './kinds.ts';
import { apiVersionOf, kindNameOf, pathOf } from './resource-type.ts';

describe('pathOf', () => {
  it.each([
    { type: ConfigMap, at: {}, path: '/api/v1/configmaps' },
    { type: ConfigMap, at: { namespace: 'a' }, path: '/api/v1/namespaces/a/configmaps' },
    { type: ConfigMap, at: { namespace: 'a', name: 'b' }, path: '/api/v1/namespaces/a/configmaps/b' },
    {
      type: StatefulSet,
      at: { namespace: 'a', name: 'b' },
      subresource: 'scale',
      path: '/apis/apps/v1/namespaces/a/statefulsets/b/scale',
    },
    { type: Namespace, at: { namespace: 'ignored', name: 'a' }, path: '/api/v1/namespaces/a' },
    { type: ConfigMap, at: { namespace: 'a', name: 'b:c/d' }, path: '/api/v1/namespaces/a/configmaps/b%3Ac%2Fd' },
  ])('$path', ({ type, at, subresource, path }) => {
    expect(pathOf(type, at, subresource)).toBe(path);
  });
});

describe('names of kinds', () => {
  it.each([
    { type: ConfigMap, apiVersion: 'v1', name: 'ConfigMap' },
    { type: StatefulSet, apiVersion: 'apps/v1', name: 'StatefulSet.apps' },
  ])('$name in $apiVersion', ({ type, apiVersion, name }) => {
    expect([apiVersionOf(type), kindNameOf(type)]).toEqual([apiVersion, name]);
  });
});
