import { k8s, rule, stringMap, Type } from '@capstan/crd';
import { labelValues } from './scalars.ts';

const ownLabels = ['name', 'instance', 'component', 'managed-by'].map((name) => `app.kubernetes.io/${name}`);

/** Where the brokers run, and what their pods are marked with. */
export const placement = {
  affinity: Type.Optional(
    k8s.affinity({
      description:
        'Scheduling constraints of the broker pods. Unless podAntiAffinity is given, brokers prefer different nodes.',
    }),
  ),
  nodeSelector: Type.Optional(labelValues({ description: 'Labels a node must have to run a broker.' })),
  tolerations: Type.Optional(
    k8s.tolerations({ maxItems: 64, description: 'Taints of nodes that brokers put up with.' }),
  ),
  topologySpreadConstraints: Type.Optional(
    k8s.topologySpreadConstraints({
      maxItems: 8,
      description:
        "How brokers spread over zones and nodes. A constraint without labelSelector counts this cluster's brokers.",
    }),
  ),
  podAnnotations: Type.Optional(
    stringMap({
      maxProperties: 64,
      description: 'Annotations of the broker pods. A change rolls the brokers.',
      rules: [rule("!('streambus.io/config-hash' in self)", 'streambus.io/config-hash is set by the operator')],
    }),
  ),
  podLabels: Type.Optional(
    labelValues({
      description: "Labels of the broker pods besides the operator's own. A change rolls the brokers.",
      rules: ownLabels.map((name) =>
        rule(`!('${name}' in self)`, `${name} is set by the operator: choose another name`),
      ),
    }),
  ),
};
