import type { UnreachableReason } from './druid-api.ts';

/** Nobody answered a request, or nobody that may be listened to. The message is short and holds no secret. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly reason: UnreachableReason;

  constructor(reason: UnreachableReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
