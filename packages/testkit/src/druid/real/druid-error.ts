/**
 * Why a real Druid could not be had, as a word that callers decide by:
 * - `Missing`: Java, Maven or what Maven fetches is not to be had on this machine
 * - `FetchFailed`: Maven was asked and did not deliver
 * - `StartFailed`: a process ended, or did not answer in time
 * - `ToolFailed`: one of Kafka's own tools ended with an error
 * - `InvalidOption`: the caller asked for something that does not exist
 */
export type DruidErrorCode = 'Missing' | 'FetchFailed' | 'StartFailed' | 'ToolFailed' | 'InvalidOption';

/** A real Druid or Kafka could not be started or used. The message is one text for a person: what is wrong and what to do. */
export class DruidError extends Error {
  override readonly name = 'DruidError';
  readonly code: DruidErrorCode;

  constructor(code: DruidErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
