import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderKubeconfig } from './kubeconfig.ts';

const base = { server: 'https://127.0.0.1:1', certificateAuthority: 'CA', clusterName: 'capstan', user: 'jane' };

test('a kubeconfig with a certificate has everything inline', () => {
  const identity = { kind: 'certificate', certificate: { certificate: 'CERT', privateKey: 'KEY' } } as const;
  expect(parse(renderKubeconfig({ ...base, identity }))).toEqual({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'capstan', cluster: { server: 'https://127.0.0.1:1', 'certificate-authority-data': 'Q0E=' } }],
    users: [{ name: 'jane', user: { 'client-certificate-data': 'Q0VSVA==', 'client-key-data': 'S0VZ' } }],
    contexts: [{ name: 'capstan', context: { cluster: 'capstan', user: 'jane' } }],
    'current-context': 'capstan',
  });
});

test('a kubeconfig with a token names the namespace it is for', () => {
  const rendered = parse(renderKubeconfig({ ...base, namespace: 'team', identity: { kind: 'token', token: 'abc' } }));
  expect(rendered.users).toEqual([{ name: 'jane', user: { token: 'abc' } }]);
  expect(rendered.contexts[0].context).toEqual({ cluster: 'capstan', user: 'jane', namespace: 'team' });
});
