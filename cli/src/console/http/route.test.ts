import { expect, test } from 'vitest';
import { routeOf } from './route.ts';

const routeAt = (method: string, url: string) => routeOf(method, url).route;

test.each([
  ['GET', '/', { kind: 'file', path: '/' }],
  ['HEAD', '/app.js?v=1', { kind: 'file', path: '/app.js' }],
  ['GET', '/../../etc/passwd', { kind: 'file', path: '/../../etc/passwd' }],
  ['GET', '/api/session', { kind: 'session' }],
  ['GET', '/api/stream?namespace=a', { kind: 'stream' }],
  ['POST', '/api/plan', { kind: 'plan' }],
  [
    'GET',
    '/api/objects/core/pods/n/a',
    { kind: 'detail', address: { group: '', plural: 'pods', namespace: 'n', name: 'a' } },
  ],
  ['GET', '/api/objects/a.dev/as/-/x%3Ay', { kind: 'detail', address: { group: 'a.dev', plural: 'as', name: 'x:y' } }],
])('%s %s', (method, url, route) => {
  expect(routeAt(method, url)).toEqual(route);
});

test.each([
  ['POST', '/api/session', 405],
  ['GET', '/api/plan', 405],
  ['HEAD', '/api/stream', 405],
  ['DELETE', '/api/objects/core/pods/n/a', 405],
  ['PUT', '/', 405],
  ['GET', '/api/', 404],
  ['GET', '/api/objects/core/pods/n', 404],
  ['GET', '/api/objects/core/pods//a', 404],
  ['GET', '/api/objects/core/pods/n/a/log', 404],
  ['GET', '/api/objects/core/pods/n/%', 400],
])('%s %s is refused with %d', (method, url, status) => {
  expect(() => routeAt(method, url)).toThrow(expect.objectContaining({ status }));
});

test('the query is read', () => {
  expect(routeOf('GET', '/api/stream?namespace=a&x=?').query.get('namespace')).toBe('a');
});
