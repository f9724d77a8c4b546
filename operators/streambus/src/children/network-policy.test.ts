import { describe, expect, it } from 'vitest';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import { selectorLabels } from './labels.ts';
import { brokerFence } from './network-policy.ts';

const brokers = { podSelector: { matchLabels: selectorLabels(aCluster()) } };
const operator = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'capstan' } },
  podSelector: { matchLabels: { 'app.kubernetes.io/name': 'streambus-operator' } },
};
const tls = { enabled: true, certSecretName: 'tls' };

/** Who may come in, by port; `everybody` where a rule names nobody. */
function gates(spec: SpecInput, operatorNamespace?: string): Readonly<Record<string, unknown>> {
  const { ingress = [] } = brokerFence(aCluster({ spec }), operatorNamespace).spec ?? {};
  return Object.fromEntries(ingress.map(({ ports = [], from }) => [`${ports[0]?.port}`, from ?? 'everybody']));
}

describe('the fence around the brokers', () => {
  it('stands around the pods of the cluster and lets out whatever they say', () => {
    const { metadata, spec } = brokerFence(aCluster(), undefined);
    expect([metadata.name, spec?.podSelector, spec?.policyTypes]).toEqual([
      'orders',
      { matchLabels: selectorLabels(aCluster()) },
      ['Ingress'],
    ]);
  });

  it('lets clients to their port, brokers to raft, and the operator to the administration API', () => {
    expect(gates({}, 'capstan')).toEqual({ 9092: 'everybody', 9093: [brokers], 8081: [operator] });
  });

  it('lets nobody to the administration API where the operator runs elsewhere and nobody is named', () => {
    expect(gates({})).toEqual({ 9092: 'everybody', 9093: [brokers] });
  });

  it('lets those to the administration API whom the spec names', () => {
    const adminFrom = [
      { namespaceLabels: { team: 'monitoring' }, podLabels: { app: 'prometheus' } },
      { podLabels: { a: 'b' } },
    ];
    expect(gates({ security: { networkPolicy: { adminFrom } } }, 'capstan')['8081']).toEqual([
      operator,
      {
        namespaceSelector: { matchLabels: { team: 'monitoring' } },
        podSelector: { matchLabels: { app: 'prometheus' } },
      },
      { podSelector: { matchLabels: { a: 'b' } } },
    ]);
  });

  it('lets only the namespaces of clients to their port, where tenants have any', () => {
    const clientNamespaces = [{ tenant: 'a' }, { tenant: 'b', stage: 'live' }];
    const multiTenancy = { enabled: true, isolation: { networkPolicies: true, clientNamespaces } };
    expect(gates({ multiTenancy })['9092']).toEqual(
      clientNamespaces.map((matchLabels) => ({ namespaceSelector: { matchLabels } })),
    );
    expect(gates({ multiTenancy: { ...multiTenancy, enabled: false } })['9092']).toBe('everybody');
  });

  it('lets every pod see whether a proxy is ready', () => {
    expect(gates({ security: { tls } })['8404']).toEqual([{ namespaceSelector: {} }]);
  });

  it('follows the ports of the spec', () => {
    const config = { port: 7001, grpcPort: 7002, httpPort: 7003 };
    expect(Object.keys(gates({ config }, 'capstan'))).toEqual(['7001', '7002', '7003']);
  });
});
