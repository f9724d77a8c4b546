import type { DruidIngestionStatus } from '../api/v1alpha1/druid-ingestion.ts';
import { type OperationName, type OperationState, operationNames } from '../api/v1alpha1/operations.ts';
import type { Answer, DruidApi } from '../druid/druid-api.ts';
import type { Work } from './work.ts';

type Recorded = NonNullable<DruidIngestionStatus['operations']>[number];

/** One operation that the spec asks for. */
interface Asked {
  readonly name: OperationName;
  readonly nonce: string;
  readonly call: (api: DruidApi, id: string) => Promise<Answer<void>>;
}

/**
 * Carries out what is done once for each nonce. The status says so before and after, so that nothing is repeated whenever the
 * operator ends: what was started and not ended stays unknown.
 *
 * @param isNew the supervisor was taken up in this pass, so what is asked for was asked of another one
 */
export async function carryOutOperations(work: Work, isNew: boolean): Promise<void> {
  for (const asked of askedOf(work)) {
    const before = work.ledger.status.operations?.find(({ name }) => name === asked.name);
    if (before?.nonce === asked.nonce) {
      if (before.state === 'Started') record(work, asked, 'Unknown', 'the operator ended before Druid answered');
    } else if (isNew) record(work, asked, 'Skipped');
    else await carryOut(work, asked);
  }
}

function askedOf({ ingestion }: Work): readonly Asked[] {
  const { reset, resetOffsets, handOff } = ingestion.spec.operations ?? {};
  const asked: Asked[] = [];
  if (reset !== undefined) asked.push({ name: 'reset', nonce: reset.nonce, call: (api, id) => api.reset(id) });
  if (resetOffsets !== undefined) {
    const { nonce, offsets } = resetOffsets;
    asked.push({ name: 'resetOffsets', nonce, call: (api, id) => api.resetOffsets(id, offsets) });
  }
  if (handOff !== undefined) {
    const { nonce, taskGroupIds } = handOff;
    asked.push({ name: 'handOff', nonce, call: (api, id) => api.handOff(id, taskGroupIds) });
  }
  return asked;
}

async function carryOut(work: Work, asked: Asked): Promise<void> {
  const { druid, ledger } = work;
  const { id = '' } = ledger.status;
  record(work, asked, 'Started');
  await work.save();
  const answer = await druid.ask((api) => asked.call(api, id));
  switch (answer.kind) {
    case 'Done':
      record(work, asked, 'Done');
      return ledger.tell('OperationDone', `${asked.name} of supervisor ${id} is done (nonce ${asked.nonce})`);
    case 'Unreachable':
      record(work, asked, 'Unknown', answer.message);
      return ledger.warn('OperationUnknown', `No answer to ${asked.name} of supervisor ${id}; it is not tried again`);
    default:
      record(work, asked, 'Failed', answer.message);
      return ledger.warn('OperationFailed', `Druid refuses ${asked.name} of supervisor ${id}: ${answer.message}`);
  }
}

function record({ ledger, now }: Work, { name, nonce }: Asked, state: OperationState, message?: string): void {
  const others = (ledger.status.operations ?? []).filter((each) => each.name !== name);
  const entry: Recorded = { name, nonce, state, time: now, ...(message !== undefined && { message }) };
  const operations = [...others, entry].sort((a, b) => operationNames.indexOf(a.name) - operationNames.indexOf(b.name));
  ledger.note({ operations });
}
