import type { Clock, Connection, KubeClient } from '@capstan/kube';
import type { ObjectHistory } from '@capstan/runtime';
import { type ExplainOptions, historyOf, type Wanted } from '../../explain/explain.ts';
import type { Detail } from '../api.ts';
import { asRefused, Refused } from '../refused.ts';
import { passViews } from './pass-views.ts';

/** The recent passes of an object, or why there are none to show. */
export type Passes = Pick<Detail, 'passes' | 'passesUnavailable'>;

/** Asks for the passes of an object. Never rejects for what a visitor can do something about. */
export type PassesReader = (wanted: Wanted) => Promise<Passes>;

export interface OperatorPassesOptions {
  readonly client: KubeClient;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly place: Pick<ExplainOptions, 'kubeconfig' | 'context'>;
  /** Asks an operator; as `capstan explain` does unless told. */
  readonly ask?: (wanted: Wanted) => Promise<ObjectHistory>;
}

/** A page asks again after each change of the object: a tunnel to the operator is not opened every time. */
const keptMs = 5_000;
/** Nobody waits longer for the rest of what there is to say of an object. */
const patienceMs = 2_000;

interface Asked {
  readonly answer: Promise<Passes>;
  readonly until: number;
}

/**
 * Reads passes in the same way as `capstan explain`. What takes long is not waited for: it is there when the page asks again.
 */
export function operatorPasses({ client, connection, clock, place, ask }: OperatorPassesOptions): PassesReader {
  const asked = new Map<string, Asked>();
  const explained = ask ?? ((wanted: Wanted) => historyOf(wanted, { ...place, output: 'json' }, connection, client));
  return async (wanted) => {
    const now = clock.monotonic();
    for (const [key, { until }] of asked) if (until < now) asked.delete(key);
    const key = `${wanted.kind}/${wanted.namespace}/${wanted.name}`;
    const found = asked.get(key) ?? { answer: readPasses(explained, wanted), until: Number.POSITIVE_INFINITY };
    asked.set(key, found);
    void found.answer.finally(() => asked.set(key, { ...found, until: clock.monotonic() + keptMs })).catch(() => {});
    return await withPatience(found.answer, clock);
  };
}

async function readPasses(ask: (wanted: Wanted) => Promise<ObjectHistory>, wanted: Wanted): Promise<Passes> {
  let history: ObjectHistory;
  try {
    history = await ask(wanted);
  } catch (error) {
    const refused = asRefused(error);
    if (!(refused instanceof Refused)) throw error;
    return { passes: [], passesUnavailable: refused.message.replaceAll(/\s+/g, ' ') };
  }
  try {
    return { passes: passViews(history) };
  } catch {
    // Whoever may write a Lease says who is asked, so anything may come.
    return { passes: [], passesUnavailable: 'who answered in the name of the operator did not answer with passes' };
  }
}

async function withPatience(answer: Promise<Passes>, clock: Clock): Promise<Passes> {
  const enough = new AbortController();
  const late: Passes = { passes: [], passesUnavailable: 'the operator has been asked and has not answered yet' };
  const patience = clock.sleep(patienceMs, enough.signal).then(
    () => late,
    () => late,
  );
  try {
    return await Promise.race([answer, patience]);
  } finally {
    enough.abort();
  }
}

/**
 * Of visitors with tokens of their own no operator is asked: it would have to be given the token, or be trusted not to be
 * somebody else whose address a Lease tells.
 */
export const passesOfNobody: PassesReader = async ({ kind, namespace, name }) => ({
  passes: [],
  passesUnavailable:
    'with a token of yours the console asks nobody but the API server: ' +
    `capstan explain ${kind.toLowerCase()}/${name}${namespace === '_' ? '' : ` -n ${namespace}`}`,
});
