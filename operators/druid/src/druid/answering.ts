import { classify, type Reading } from './classify.ts';
import type { Answer } from './druid-api.ts';
import { type DruidCall, urlOf } from './druid-call.ts';
import type { ObservedCall } from './druid-connection.ts';
import type { HttpAnswer } from './http-answer.ts';
import { NoAnswerError } from './no-answer-error.ts';
import type { Redaction } from './redaction.ts';
import { type Sender, sendCall } from './send-call.ts';
import { oneLine } from './short-message.ts';

/** Makes calls to one Druid and answers of what comes back. */
export class Answering {
  readonly redact: Redaction;
  readonly #base: URL;
  readonly #sender: Sender;
  readonly #observe: (call: ObservedCall) => void;

  constructor(base: URL, sender: Sender, redact: Redaction, observe: (call: ObservedCall) => void) {
    this.#base = base;
    this.#sender = sender;
    this.redact = redact;
    this.#observe = observe;
  }

  /** Makes one call. Rejects only when the sender's signal aborts, with its reason. */
  async to<T>(call: DruidCall, reading: Reading<T>): Promise<Answer<T>> {
    const url = urlOf(this.#base, call);
    if (url === undefined) {
      return { kind: 'Refused', status: 400, message: 'an empty name, "." and ".." are no names of anything in Druid' };
    }
    const answer = await this.#sent(call, url);
    if (!(answer instanceof NoAnswerError)) return classify(call, answer, reading, this.redact);
    const { reason, message } = answer;
    const asked = call.method === 'GET' ? 'Question' : 'Change';
    return { kind: 'Unreachable', reason, asked, message: oneLine(message, this.redact) };
  }

  async #sent(call: DruidCall, url: URL): Promise<HttpAnswer | NoAnswerError> {
    const start = performance.now();
    let status: number | undefined;
    try {
      const answer = await sendCall(call, url, this.#sender);
      status = answer.status;
      return answer;
    } catch (error) {
      if (error instanceof NoAnswerError) return error;
      throw error;
    } finally {
      this.#observe({ name: call.name, status, durationMs: performance.now() - start });
    }
  }
}
