import type { Answering } from './answering.ts';
import { type CompactionCalls, coordinatorCompaction, overlordCompaction } from './calls.ts';
import type { Reading } from './classify.ts';
import type { Answer, JsonObject } from './druid-api.ts';
import type { DruidCall } from './druid-call.ts';
import { textOf } from './json-text.ts';
import { either, nothing, objectOf } from './readings.ts';

/** Asks about the compaction of data sources, by the calls that the Druid there knows. */
export class Compaction {
  readonly #druid: Answering;

  constructor(druid: Answering) {
    this.#druid = druid;
  }

  get(dataSource: string): Promise<Answer<JsonObject | undefined>> {
    return this.#either((calls) => calls.get(dataSource), objectOf(dataSource));
  }

  set(config: JsonObject): Promise<Answer<void>> {
    const dataSource = textOf(config['dataSource']) ?? '';
    return this.#either((calls) => calls.set(dataSource, config), nothing);
  }

  remove(dataSource: string): Promise<Answer<'Removed' | 'Absent'>> {
    return this.#either((calls) => calls.remove(dataSource), either('Removed', 'Absent', dataSource));
  }

  /** An earlier Druid does not know the first path, which a 404 that is not about the data source tells. */
  async #either<T>(call: (calls: CompactionCalls) => DruidCall, reading: Reading<T>): Promise<Answer<T>> {
    const answer = await this.#druid.to(call(overlordCompaction), reading);
    const isUnknown = answer.kind === 'Unreachable' && answer.reason === 'NotDruid' && answer.status === 404;
    return isUnknown ? await this.#druid.to(call(coordinatorCompaction), reading) : answer;
  }
}
