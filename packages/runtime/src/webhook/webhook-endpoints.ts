import type { Clock } from '@capstan/kube';
import type { Logger } from 'pino';
import type { Feed } from '../feed.ts';
import { HttpRefusal } from '../observe/serving/http-server.ts';
import {
  type AdmissionAnswer,
  type AdmissionQuestion,
  admissionReview,
  readAdmissionReview,
} from './admission-review.ts';
import { answerConversionReview } from './conversion-review.ts';
import { type AdmissionWebhook, type ConversionWebhook, pathOfWebhook, type Webhook } from './webhook.ts';

/** One call of a webhook that ended. */
export interface WebhookCall {
  /** Its path, such as `/validate/example.dev/v1/caches`. */
  readonly webhook: string;
  /** The HTTP status; a refusal of an object is a 200. */
  readonly code: number;
  /** How it ended for the object: let in or converted, refused, or failed in the webhook's own code. */
  readonly outcome: 'allowed' | 'denied' | 'failed';
  readonly durationMs: number;
}

/** MiB of body: an object and the one before it, as etcd holds them at most, and room for the rest of the review. */
const longestAdmission = 7;
/** MiB of body: the API server converts a whole page of a list at once. */
const longestConversion = 64;
const mebibyte = 2 ** 20;

export interface WebhookEndpointsOptions {
  readonly webhooks: readonly Webhook[];
  readonly calls: Feed<WebhookCall>;
  readonly log: Logger;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** A reply, and how the call ended for the object. */
interface Ending {
  readonly outcome: WebhookCall['outcome'];
  readonly review: object;
}

/** One path and what is done there. */
export interface WebhookEndpoint {
  readonly path: string;
  /** Bytes. */
  readonly longestBody: number;
  /**
   * Answers one review.
   * @throws {HttpRefusal} for a body that is none
   */
  readonly answer: (body: string) => Promise<object>;
}

/**
 * The endpoints of an operator's webhooks. A handler that throws refuses the object with a sentence, and the log says why:
 * what it threw may quote the object, and so is not for everybody.
 *
 * @throws {TypeError} for two webhooks of one role and kind
 */
export function webhookEndpoints(options: WebhookEndpointsOptions): readonly WebhookEndpoint[] {
  const admissions = options.webhooks.filter((webhook) => webhook.role !== 'convert');
  const conversions = options.webhooks.filter((webhook) => webhook.role === 'convert');
  const endpoints = [
    ...admissions.map((webhook) => admissionEndpoint(webhook, options)),
    ...(conversions.length === 0 ? [] : [conversionEndpoint(conversions, options)]),
  ];
  const paths = endpoints.map(({ path }) => path);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) throw new TypeError(`two webhooks want ${twice}: join them into one`);
  return endpoints;
}

function admissionEndpoint(webhook: AdmissionWebhook, options: WebhookEndpointsOptions): WebhookEndpoint {
  const path = pathOfWebhook(webhook);
  return observed(path, longestAdmission * mebibyte, options, async (review) => {
    const question = readAdmissionReview(review);
    const { answer, outcome } = await safely(webhook, path, question, options.log);
    return { review: admissionReview(question.request.uid, answer), outcome };
  });
}

async function safely(
  webhook: AdmissionWebhook,
  path: string,
  question: AdmissionQuestion,
  log: Logger,
): Promise<{ readonly answer: AdmissionAnswer; readonly outcome: WebhookCall['outcome'] }> {
  try {
    const answer = await webhook.answer(question);
    return { answer, outcome: answer.allowed ? 'allowed' : 'denied' };
  } catch (error) {
    const { uid, operation, namespace, name } = question.request;
    log.error(
      { err: error, webhook: path, uid, operation, namespace, name },
      'a webhook failed: the object was refused',
    );
    const message = `the webhook failed on this object; the log of the operator says why, at uid ${uid}`;
    return {
      answer: { allowed: false, status: { status: 'Failure', code: 500, reason: 'InternalError', message } },
      outcome: 'failed',
    };
  }
}

function conversionEndpoint(webhooks: readonly ConversionWebhook[], options: WebhookEndpointsOptions): WebhookEndpoint {
  const kinds = new Map(webhooks.map(({ kind }) => [`${kind.kind}.${kind.group}`, kind]));
  return observed('/convert', longestConversion * mebibyte, options, async (review) => {
    let outcome: WebhookCall['outcome'] = 'allowed';
    const answer = answerConversionReview(kinds, review, ({ message, error }) => {
      outcome = 'failed';
      options.log.error({ err: error, webhook: '/convert' }, message);
    });
    return { review: answer, outcome };
  });
}

/** Every call is told of, also one that was no review at all. */
function observed(
  path: string,
  longestBody: number,
  { calls, clock }: WebhookEndpointsOptions,
  answer: (review: unknown) => Promise<Ending>,
): WebhookEndpoint {
  const told = (code: number, outcome: WebhookCall['outcome'], start: number) =>
    calls.publish({ webhook: path, code, outcome, durationMs: clock.monotonic() - start });
  return {
    path,
    longestBody,
    answer: async (body) => {
      const start = clock.monotonic();
      try {
        const { review, outcome } = await answer(parsed(body));
        told(200, outcome, start);
        return review;
      } catch (error) {
        told(error instanceof HttpRefusal ? error.status : 500, 'failed', start);
        throw error;
      }
    },
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new HttpRefusal(400, 'the body is no JSON');
  }
}
