import { stringEnum, Type, withDefault } from '@capstan/crd';

/** How the brokers agree on who leads. */
export const raft = withDefault(
  Type.Object(
    {
      membership: withDefault(
        stringEnum(['Fixed', 'Dynamic'], {
          description:
            "Whether the broker version can add and remove members of its raft quorum. Today's brokers cannot: Fixed. Declare Dynamic for a version that can; replicas may then be changed, and brokers are added and removed one at a time.",
        }),
        'Fixed',
      ),
    },
    { description: 'Consensus between the brokers.' },
  ),
  {},
);
