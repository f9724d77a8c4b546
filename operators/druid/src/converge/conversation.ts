import type { Answer, DruidApi } from '../druid/druid-api.ts';
import type { CallCount } from '../figures.ts';
import { NotAnswered } from './not-answered.ts';

/** What Druid did with a request that it understood. */
export type Settled<T> = Exclude<Answer<T>, { kind: 'Denied' | 'Unreachable' }>;

/** The talk of one pass with one Druid. It ends by {@link NotAnswered} when Druid cannot or may not answer. */
export class Conversation {
  readonly #api: DruidApi;
  readonly #count: CallCount;
  #lastStatus: number | undefined;

  constructor(api: DruidApi, count: CallCount) {
    this.#api = api;
    this.#count = count;
  }

  /** HTTP status of the last answer; `undefined` before the first. */
  get lastStatus(): number | undefined {
    return this.#lastStatus;
  }

  /** Asks, whatever comes of it: for requests whose silence has a meaning of its own. */
  async ask<T>(question: (api: DruidApi) => Promise<Answer<T>>): Promise<Answer<T>> {
    const answer = await question(this.#api);
    this.#lastStatus = answer.status ?? this.#lastStatus;
    this.#count(answer.status);
    return answer;
  }

  /** @throws {NotAnswered} when Druid denied the request or did not answer */
  async settle<T>(question: (api: DruidApi) => Promise<Answer<T>>): Promise<Settled<T>> {
    const answer = await this.ask(question);
    if (answer.kind === 'Denied' || answer.kind === 'Unreachable') throw new NotAnswered(answer);
    return answer;
  }

  /** The value of an answer that must come: a refusal of a question that asks for nothing is trouble too. */
  async value<T>(question: (api: DruidApi) => Promise<Answer<T>>): Promise<T> {
    const answer = await this.settle(question);
    if (answer.kind === 'Done') return answer.value;
    throw new NotAnswered({ kind: 'Unreachable', message: answer.message, status: answer.status });
  }
}
