import type { Answering } from './answering.ts';
import { calls } from './calls.ts';
import type { Answer, JsonObject } from './druid-api.ts';
import { either, found, nothing, objectOf } from './readings.ts';

/** Asks about lookups. */
export class Lookups {
  readonly #druid: Answering;

  constructor(druid: Answering) {
    this.#druid = druid;
  }

  get(tier: string, name: string): Promise<Answer<JsonObject | undefined>> {
    return this.#druid.to(calls.lookup(tier, name), objectOf(name));
  }

  async set(tier: string, name: string, lookup: JsonObject): Promise<Answer<void>> {
    const prepared = await this.#prepare();
    if (prepared.kind !== 'Done') return prepared;
    const answer = await this.#druid.to(calls.setLookup(tier, name, lookup), { ...nothing, refusesWith500: true });
    return answer.kind === 'Refused' ? { ...answer, message: withoutLookup(answer.message) } : answer;
  }

  remove(tier: string, name: string): Promise<Answer<'Removed' | 'Absent'>> {
    return this.#druid.to(calls.removeLookup(tier, name), either('Removed', 'Absent', name));
  }

  /** A Druid that never had a lookup takes one only after an empty set of them. */
  async #prepare(): Promise<Answer<unknown>> {
    const known = await this.#druid.to(
      calls.lookups(),
      found('', (body) => body),
    );
    if (known.kind !== 'Done' || known.value !== undefined) return known;
    return await this.#druid.to(calls.prepareLookups(), nothing);
  }
}

/** Druid quotes the lookup that it has, with passwords that only whoever made it knows. */
function withoutLookup(message: string): string {
  return message.replace(/ existing spec \[.*/s, ' the one that Druid has: its version does not come after that');
}
