import type { KubeObject } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { predict } from './predict.ts';

const own = {
  'f:spec': {
    'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:name': {} } },
    'f:selector': {},
    'f:clusterIP': {},
  },
};

function service(spec: object): KubeObject {
  const managedFields = [{ manager: 'us', operation: 'Apply', fieldsV1: own }] as const;
  const object = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's', managedFields }, spec };
  return object;
}

const wanted = (spec: object): KubeObject => {
  const object = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec };
  return object;
};

const specOf = (object: KubeObject) => ('spec' in object ? object.spec : undefined);
const http = { port: 80, protocol: 'TCP', name: 'http', targetPort: 80 };

describe('a foretold apply', () => {
  it('is the body where nothing is there', () => {
    expect(predict(wanted({ a: 1 }), undefined, 'us')).toEqual(wanted({ a: 1 }));
  });

  it('keeps what others and the server have filled in', () => {
    const live = service({ type: 'ClusterIP', selector: { app: 'x' }, ports: [http] });
    const body = wanted({ selector: { app: 'x' }, ports: [{ port: 80, name: 'web' }] });
    expect(specOf(predict(body, live, 'us'))).toEqual({
      type: 'ClusterIP',
      selector: { app: 'x' },
      ports: [{ ...http, name: 'web' }],
    });
  });

  it('removes our own list items and fields that the body leaves out, and nobody elses', () => {
    const foreign = { port: 90, protocol: 'TCP', name: 'theirs' };
    const live = service({ clusterIP: 'None', type: 'ClusterIP', ports: [http, foreign] });
    expect(specOf(predict(wanted({ ports: [] }), live, 'us'))).toEqual({ type: 'ClusterIP', ports: [foreign] });
  });

  it('keeps the live form of a value that means the same', () => {
    const live = service({ cpu: '1' });
    expect(specOf(predict(wanted({ cpu: '1000m' }), live, 'us'))).toEqual({ cpu: '1' });
  });
});
