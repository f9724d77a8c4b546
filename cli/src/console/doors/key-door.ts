import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ClusterVisitor } from '../cluster-visitor.ts';
import { Refused } from '../refused.ts';
import type { Caller, Door, Visitor } from '../visitor.ts';
import type { VisitorPool } from './visitor-pool.ts';

/**
 * Lets in whoever has the key that was printed at the start: other users of this machine can reach the address, and must not act
 * as the one who started the console.
 */
export class KeyDoor implements Door {
  readonly login = 'key';
  /** New at each start; 192 random bits. Never logged. */
  readonly key: string = randomBytes(24).toString('base64url');
  readonly #pool: VisitorPool;
  readonly #open: (namespace: string | undefined) => Promise<ClusterVisitor>;

  constructor(pool: VisitorPool, open: (namespace: string | undefined) => Promise<ClusterVisitor>) {
    this.#pool = pool;
    this.#open = open;
  }

  async admit({ bearer, namespace }: Caller): Promise<Visitor> {
    if (bearer === undefined || !timingSafeEqual(hashOf(bearer), hashOf(this.key)))
      throw new Refused(401, 'open the address that capstan console printed, with the key at its end');
    return await this.#pool.admit(namespace ?? '', () => this.#open(namespace));
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
