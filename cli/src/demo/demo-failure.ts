/** What a person is told when the demo cannot go on. */
export interface DemoFailureOptions {
  /** Lines that say more, such as the end of a log. */
  readonly details?: readonly string[];
  /** File or directory to look into. */
  readonly logs?: string;
}

/** The demo cannot go on; the message is one sentence without a full stop. */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';
  readonly details: readonly string[];
  readonly logs: string | undefined;

  constructor(message: string, { details = [], logs }: DemoFailureOptions = {}) {
    super(message);
    this.details = details;
    this.logs = logs;
  }
}
