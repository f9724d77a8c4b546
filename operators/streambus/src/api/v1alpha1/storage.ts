import { immutable, quantity, rule, Type, withDefault } from '@capstan/crd';

const positive = rule(
  "type(self) == int ? self > 0 : quantity(self).isGreaterThan(quantity('0'))",
  'must be greater than zero, such as 10Gi',
);

const fixedSize = immutable(
  'cannot be changed after creation: this version does not resize the volumes of a cluster yet',
);

/** The two volumes of every broker. */
export const storage = withDefault(
  Type.Object(
    {
      class: withDefault(
        Type.String({
          maxLength: 253,
          rules: [
            immutable(
              'cannot be changed after creation: the volumes of the brokers exist in the class they were made in',
            ),
          ],
          description: 'StorageClass of both volumes. Empty: volumes are not provisioned but must be there already.',
        }),
        'standard',
      ),
      size: withDefault(
        quantity({
          rules: [positive, fixedSize],
          description:
            'Size of the volume with the messages of one broker. The broker deletes nothing by age: plan for growth.',
        }),
        '10Gi',
      ),
      raftSize: withDefault(
        quantity({ rules: [positive, fixedSize], description: 'Size of the volume with the raft log of one broker.' }),
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
