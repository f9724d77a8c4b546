import type { DruidIngestionStatus } from '../api/v1alpha1/druid-ingestion.ts';
import { type OperationName, type OperationState, operationNames } from '../api/v1alpha1/operations.ts';
import type { Answer, DruidApi } from '../druid/druid-api.ts';
import { whyNeverCarriedOut } from './never-carried-out.ts';
import { NotAnswered } from './not-answered.ts';
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
 * @throws {NotAnswered} when an operation was not done, and is to be tried again
 */
export async function carryOutOperations(work: Work): Promise<void> {
  for (const asked of askedOf(work)) {
    const before = recordOf(asked, work);
    if (before?.nonce === asked.nonce) {
      if (before.state === 'Started') record(work, asked, 'Unknown', 'the operator ended before Druid answered');
    } else if (!wasAskedBefore(asked, work)) await carryOut(work, asked);
  }
}

/** Notes, when a supervisor is first taken up, that what is asked for was asked of another one. */
export function skipOperations(work: Work): void {
  if (work.ledger.status.lastGoodSpecHash !== undefined) return;
  for (const asked of askedOf(work)) if (recordOf(asked, work)?.nonce !== asked.nonce) record(work, asked, 'Skipped');
}

function recordOf({ name }: Asked, { ledger }: Work): Recorded | undefined {
  return ledger.status.operations?.find((each) => each.name === name);
}

/** A spec that is put back to what it was asks for nothing new. */
function wasAskedBefore(asked: Asked, work: Work): boolean {
  return recordOf(asked, work)?.formerNonces?.includes(asked.nonce) === true;
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
  const { id = '', operations } = ledger.status;
  record(work, asked, 'Started');
  await work.save();
  const answer = await druid.ask((api) => asked.call(api, id));
  const trouble = whyNeverCarriedOut(answer);
  if (trouble !== undefined) {
    ledger.note({ operations });
    throw new NotAnswered(trouble);
  }
  switch (answer.kind) {
    case 'Done':
      record(work, asked, 'Done');
      return ledger.tell(
        'OperationDone',
        `${asked.name} of supervisor ${id} is done (nonce ${asked.nonce})`,
        asked.name,
      );
    case 'Unreachable':
      record(work, asked, 'Unknown', answer.message);
      return ledger.warn(
        'OperationUnknown',
        `No answer to ${asked.name} of supervisor ${id}; it is not tried again`,
        asked.name,
      );
    default:
      record(work, asked, 'Failed', answer.message);
      return ledger.warn(
        'OperationFailed',
        `Druid refuses ${asked.name} of supervisor ${id}: ${answer.message}`,
        asked.name,
      );
  }
}

function record({ ledger, now }: Work, { name, nonce }: Asked, state: OperationState, message?: string): void {
  const others = (ledger.status.operations ?? []).filter((each) => each.name !== name);
  const formerNonces = formerNoncesOf(
    ledger.status.operations?.find((each) => each.name === name),
    nonce,
  );
  const entry: Recorded = {
    ...{ name, nonce, state, time: now, ...(message !== undefined && { message }) },
    ...(formerNonces.length > 0 && { formerNonces }),
  };
  const operations = [...others, entry].sort((a, b) => operationNames.indexOf(a.name) - operationNames.indexOf(b.name));
  ledger.note({ operations });
}

/** How many nonces are remembered. */
const mostNonces = 32;

function formerNoncesOf(before: Recorded | undefined, nonce: string): readonly string[] {
  const known = [...(before?.formerNonces ?? []), ...(before === undefined ? [] : [before.nonce])];
  return known.filter((each) => each !== nonce).slice(-mostNonces);
}
