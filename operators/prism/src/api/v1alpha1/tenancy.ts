import { Type, withDefault } from '@capstan/crd';

/** What PrismNamespaces of the cluster may have made; whoever may write those may often not write the cluster. */
export const tenancy = withDefault(
  Type.Object(
    {
      allowResourceQuotas: withDefault(
        Type.Boolean({
          description:
            'Let quota.resources of a PrismNamespace become a ResourceQuota, which limits everything in the Kubernetes namespace, this cluster included.',
        }),
        false,
      ),
      allowDedicatedRunners: withDefault(
        Type.Boolean({
          description:
            'Let dedicatedRunners of a PrismNamespace become patterns of this cluster, which count among the 50 that it can have.',
        }),
        false,
      ),
    },
    { description: 'What PrismNamespaces of the cluster may have made beyond what prism-admin is told.' },
  ),
  {},
);
