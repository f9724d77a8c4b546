import { quantity, rule, stringEnum, Type, withDefault } from '@capstan/crd';

const positive = rule(
  "type(self) == int ? self > 0 : quantity(self).isGreaterThan(quantity('0'))",
  'must be greater than zero, such as 10Gi',
);

const growth = 'It may grow where the StorageClass allows expansion, while the brokers run; it never shrinks.';

/** The two volumes of every broker. */
export const storage = withDefault(
  Type.Object(
    {
      class: withDefault(
        Type.String({
          maxLength: 253,
          description:
            'StorageClass of both volumes. Fixed once the cluster has started. Empty: volumes are not provisioned but must be there already.',
        }),
        'standard',
      ),
      size: withDefault(
        quantity({
          rules: [positive],
          maxLength: 32,
          description: `Size of the volume with the messages of one broker. ${growth} The broker deletes nothing by age: plan for growth.`,
        }),
        '10Gi',
      ),
      raftSize: withDefault(
        quantity({
          rules: [positive],
          maxLength: 32,
          description: `Size of the volume with the raft log of one broker. ${growth}`,
        }),
        '5Gi',
      ),
      deletionPolicy: withDefault(
        stringEnum(['Retain', 'Delete'], {
          description:
            'What becomes of the volumes when the cluster is deleted. Retain: they stay, and a cluster of the same name takes them up again. Delete: the messages go with them.',
        }),
        'Retain',
      ),
    },
    {
      description:
        'Persistent volumes. The messages of a broker are on its data volume and nowhere else. A smaller cluster keeps the volumes it had.',
    },
  ),
  {},
);
