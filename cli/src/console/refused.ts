import { ApiError, TransportError } from '@capstan/kube';
import { UserError } from '../failure.ts';

/** An answer that is not 2xx: the message says what is wrong, where, and what to do, and is shown to the visitor. */
export class Refused extends Error {
  override readonly name = 'Refused';
  /** HTTP status code, 400 to 599. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Said when the API server takes a token no more. */
export function expired(): Refused {
  return new Refused(401, 'the API server does not know who you are: the credentials have expired, or were taken back');
}

/** Makes a refusal of what visitors can do something about; any other error is a defect and stays as it is. */
export function asRefused(error: unknown): unknown {
  if (error instanceof UserError) return new Refused(400, error.message);
  if (error instanceof TransportError) return new Refused(502, `the API server cannot be reached: ${error.message}`);
  if (!(error instanceof ApiError)) return error;
  if (error.status === 401) return expired();
  if (error.status === 403) return new Refused(403, error.serverMessage);
  return new Refused(502, `the API server refused (${error.status}): ${error.serverMessage}`);
}
