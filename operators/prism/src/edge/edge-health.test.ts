import type { Condition, KubeObject } from '@capstan/kube';
import { childName, desiredOf, type StepObject } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import { edgeChildren } from './edge-children.ts';
import { edgeHealth } from './edge-health.ts';

type Edge = NonNullable<NonNullable<SpecInput>['ingress']>;

const host = 'prism.example';
const secured = { host, className: 'nginx', tls: { secretName: 'tls' } };
const parentRef = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public', namespace: 'infra' };
const gateway = { parentRefs: [{ name: 'public', namespace: 'infra' }] };
const addressed = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } };

function condition(type: string, status: 'True' | 'False', more: Partial<Condition> = {}): Condition {
  return { type, status, reason: 'Told', message: 'So it is.', lastTransitionTime: '2026-01-01T00:00:00Z', ...more };
}

/** Health with the objects that are wanted, each with the status given for its name; `null`: it is not there. */
function healthOf(ingress: Edge, statuses: Readonly<Record<string, object | null>>, spec: SpecInput = {}) {
  const cluster = aCluster({ spec: { ...spec, ingress } });
  const live = (wanted: StepObject): KubeObject | undefined => {
    const status = statuses[childName(desiredOf(wanted))] ?? statuses[desiredOf(wanted).kind];
    if (status === undefined || status === null) return undefined;
    const { metadata, ...body } = JSON.parse(JSON.stringify(desiredOf(wanted)));
    return { ...body, metadata: { ...metadata, generation: 2 }, status };
  };
  return edgeHealth(cluster, live);
}

const parents = (...conditions: readonly Condition[]) => ({
  parents: [{ parentRef, controllerName: 'example/gateway', conditions }],
});
const accepted = [condition('Accepted', 'True'), condition('ResolvedRefs', 'True')];

describe('whether clients outside reach the cluster', () => {
  it('is no question where nobody asks for it', () => {
    expect(edgeHealth(aCluster(), () => undefined)).toBeUndefined();
    expect(healthOf({ enabled: false }, {})).toBeUndefined();
  });

  it('is true once the Ingress has an address', () => {
    expect(healthOf(secured, { Ingress: addressed })).toEqual({
      ...{ status: 'True', reason: 'Serving' },
      message: 'Everything that lets clients in has been taken up.',
    });
  });

  it('comes with a warning where gRPC would have to go without TLS', () => {
    const health = healthOf({ host, className: 'nginx' }, { Ingress: addressed });
    expect(health).toMatchObject({ status: 'True', reason: 'WithCautions' });
    expect(health?.message).toContain('Set spec.ingress.tls.');
    const route = { GRPCRoute: parents(...accepted) };
    expect(healthOf({ host, gateway }, route)).toMatchObject({ status: 'True', reason: 'Serving' });
  });

  it.each([
    ['no Ingress yet', secured, { Ingress: null }, 'Ingress/orders-prism-proxy does not exist yet'],
    ['no controller of the class', secured, { Ingress: {} }, 'no Ingress controller of class nginx has taken it up'],
    [
      'no controller of the default class',
      { host },
      { Ingress: { loadBalancer: {} } },
      'no Ingress controller of the default class has taken it up',
    ],
    [
      'an admin that is not reached, though the proxy is',
      { ...secured, exposeAdmin: true },
      { 'Ingress/orders-prism-proxy': addressed, 'Ingress/orders-prism-admin': {} },
      'Ingress/orders-prism-admin has no address yet',
    ],
    [
      'no cert-manager',
      { ...secured, tls: { issuerRef: { name: 'ca' } } },
      { Ingress: addressed },
      'Certificate/orders-prism-proxy does not exist yet, for which cert-manager has to be installed',
    ],
    [
      'a certificate that has not been issued',
      { ...secured, tls: { issuerRef: { name: 'ca' } } },
      { Ingress: addressed, Certificate: {} },
      'Certificate/orders-prism-proxy has not been issued yet',
    ],
    [
      'a certificate that is refused',
      { ...secured, tls: { issuerRef: { name: 'ca' } } },
      {
        Ingress: addressed,
        Certificate: { conditions: [condition('Ready', 'False', { message: 'No issuer\n "ca".' })] },
      },
      'Certificate/orders-prism-proxy: No issuer "ca".',
    ],
    [
      'no Gateway API',
      { host, gateway },
      {},
      'GRPCRoute/orders-prism-proxy does not exist yet, for which the Gateway API has to be installed',
    ],
    ['no controller of the Gateway', { host, gateway }, { GRPCRoute: {} }, 'Gateway public has not taken it up yet'],
    [
      'another Gateway of the same name',
      { host, gateway: { parentRefs: [{ name: 'public' }] } },
      { GRPCRoute: parents(...accepted) },
      'Gateway public has not taken it up yet',
    ],
    [
      'a Gateway that refuses it',
      { host, gateway },
      {
        GRPCRoute: parents(
          condition('Accepted', 'False', { reason: 'NotAllowedByListeners' }),
          condition('ResolvedRefs', 'True'),
        ),
      },
      'Gateway public says NotAllowedByListeners, So it is.',
    ],
    [
      'a Gateway that does not find the Service',
      { host, gateway },
      {
        GRPCRoute: parents(
          condition('Accepted', 'True'),
          condition('ResolvedRefs', 'False', { reason: 'BackendNotFound' }),
        ),
      },
      'Gateway public says BackendNotFound',
    ],
    [
      'a Gateway that has taken up what it was before',
      { host, gateway },
      { GRPCRoute: parents(...accepted.map((each) => ({ ...each, observedGeneration: 1 }))) },
      'Gateway public has not taken up what it is now',
    ],
  ] as const)('is false with %s, and it is said why', (_what, ingress, statuses, why) => {
    const health = healthOf(ingress, statuses);
    expect(health).toMatchObject({ status: 'False', reason: 'Waiting' });
    expect(health?.message).toContain(why);
  });

  it('is false where prism-admin speaks what no route of the cluster carries', () => {
    const health = healthOf(
      { host, gateway, exposeAdmin: true },
      { GRPCRoute: parents(...accepted) },
      { profile: 'memo035' },
    );
    expect(health?.message).toContain('name a className');
    const both = { ...secured, gateway, exposeAdmin: true };
    const statuses = { GRPCRoute: parents(...accepted), Ingress: addressed };
    expect(healthOf(both, statuses, { profile: 'memo035' })?.status).toBe('True');
  });

  it('looks at everything that is made', () => {
    const ingress = { ...secured, exposeAdmin: true, gateway, tls: { issuerRef: { name: 'ca' } } };
    const children = edgeChildren(aCluster({ spec: { ingress } })).map((each) => childName(desiredOf(each)));
    const message = healthOf(ingress, {})?.message ?? '';
    expect(children.filter((name) => !message.includes(name))).toEqual([]);
  });
});
