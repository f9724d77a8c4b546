import { freeForm, Type } from '@capstan/crd';

const nonce = Type.String({
  minLength: 1,
  maxLength: 128,
  description: 'Any text that was not used before, such as a date. The operation is carried out once for each.',
});

/** What is done once, at a user's word. */
export const operations = Type.Object(
  {
    reset: Type.Optional(
      Type.Object(
        { nonce },
        { description: 'Forgets the stored offsets and starts the tasks anew: records may be lost or read twice.' },
      ),
    ),
    resetOffsets: Type.Optional(
      Type.Object(
        {
          nonce,
          offsets: freeForm({ description: 'The body that Druid takes: {"type": "kafka", "partitions": ...}.' }),
        },
        { description: 'Sets the stored offsets of some partitions.' },
      ),
    ),
    handOff: Type.Optional(
      Type.Object(
        {
          nonce,
          taskGroupIds: Type.Array(Type.Integer({ minimum: 0 }), {
            minItems: 1,
            maxItems: 1_000,
            description: 'Groups of tasks that publish early.',
          }),
        },
        { description: 'Has groups of tasks publish what they have read, and start anew.' },
      ),
    ),
  },
  {
    description:
      'Operations on the supervisor that are carried out once. Those that are there when the resource is first taken up are not carried out.',
  },
);

const operationNames = ['reset', 'resetOffsets', 'handOff'] as const;

/** Name of an operation that is done once. */
export type OperationName = (typeof operationNames)[number];

const operationStates = ['Started', 'Done', 'Failed', 'Unknown', 'Skipped'] as const;

/** What became of an operation. */
export type OperationState = (typeof operationStates)[number];

export { operationNames, operationStates };
