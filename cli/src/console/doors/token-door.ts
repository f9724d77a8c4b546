import { createHash } from 'node:crypto';
import type { ClusterVisitor } from '../cluster-visitor.ts';
import { Refused } from '../refused.ts';
import type { Caller, Door, Visitor } from '../visitor.ts';
import type { VisitorPool } from './visitor-pool.ts';

/** Opens a visitor who acts with a token. */
export type OpenWithToken = (token: string, namespace: string | undefined) => Promise<ClusterVisitor>;

/** Lets in whoever the API server knows by the bearer token they bring, and lets them do what they may do themselves. */
export class TokenDoor implements Door {
  readonly login = 'token';
  readonly #pool: VisitorPool;
  readonly #open: OpenWithToken;

  constructor(pool: VisitorPool, open: OpenWithToken) {
    this.#pool = pool;
    this.#open = open;
  }

  async admit({ bearer, namespace }: Caller): Promise<Visitor> {
    if (bearer === undefined) throw new Refused(401, 'bring a bearer token: kubectl create token <service account>');
    // The token itself is kept only where requests are made.
    const key = createHash('sha256')
      .update(`${bearer}\0${namespace ?? ''}`)
      .digest('base64url');
    return await this.#pool.admit(key, () => this.#open(bearer, namespace));
  }
}
