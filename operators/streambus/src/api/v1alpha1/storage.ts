import { quantity, rule, Type, withDefault } from '@capstan/crd';

const positive = rule(
  "type(self) == int ? self > 0 : quantity(self).isGreaterThan(quantity('0'))",
  'must be greater than zero, such as 10Gi',
);

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
          description:
            'Size of the volume with the messages of one broker. Fixed once the cluster has started. The broker deletes nothing by age: plan for growth.',
        }),
        '10Gi',
      ),
      raftSize: withDefault(
        quantity({
          rules: [positive],
          description: 'Size of the volume with the raft log of one broker. Fixed once the cluster has started.',
        }),
        '5Gi',
      ),
    },
    {
      description:
        'Persistent volumes. They stay when the cluster is deleted: the messages are on them and nowhere else.',
    },
  ),
  {},
);
