import { describe, expect, it } from 'vitest';
import { apiRequestOf } from './api-request.ts';

describe('a request line', () => {
  it.each([
    ['GET', '/api/v1/namespaces/a/configmaps/b', 'get', '', 'configmaps', '', 'a', 'b'],
    ['GET', '/api/v1/namespaces/a/configmaps?limit=500', 'list', '', 'configmaps', '', 'a', ''],
    ['GET', '/api/v1/configmaps?watch=true&resourceVersion=7', 'watch', '', 'configmaps', '', '', ''],
    [
      'PATCH',
      '/apis/apps/v1/namespaces/a/statefulsets/b/status?force=true',
      'patch',
      'apps',
      'statefulsets',
      'status',
      'a',
      'b',
    ],
    ['POST', '/apis/events.k8s.io/v1/namespaces/a/events', 'create', 'events.k8s.io', 'events', '', 'a', ''],
    [
      'PUT',
      '/apis/coordination.k8s.io/v1/namespaces/a/leases/b',
      'update',
      'coordination.k8s.io',
      'leases',
      '',
      'a',
      'b',
    ],
    ['DELETE', '/api/v1/namespaces/a/pods/b', 'delete', '', 'pods', '', 'a', 'b'],
    ['DELETE', '/api/v1/namespaces/a/pods', 'deletecollection', '', 'pods', '', 'a', ''],
    ['GET', '/api/v1/namespaces/a', 'get', '', 'namespaces', '', 'a', 'a'],
    ['PUT', '/api/v1/namespaces/a/finalize', 'update', '', 'namespaces', 'finalize', 'a', 'a'],
    ['GET', '/api/v1/namespaces', 'list', '', 'namespaces', '', '', ''],
    ['GET', '/apis/example.dev/v1/things/with%20space', 'get', 'example.dev', 'things', '', '', 'with space'],
    ['GET', '/apis/apps/v1', 'get', '', '', '', '', ''],
    ['GET', '/version', 'get', '', '', '', '', ''],
  ])('%s %s is %s', (method, url, verb, group, resource, subresource, namespace, name) => {
    expect(apiRequestOf(method, url)).toMatchObject({ verb, group, resource, subresource, namespace, name });
  });
});
