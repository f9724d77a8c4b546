import { waitUntil } from '@capstan/controlplane';
import { callDruid, type DruidTarget } from './druid-call.ts';

/** What a user may do with the resources of a type whose name matches `name`, a regular expression. */
export interface DruidPermission {
  readonly resource: { readonly type: 'DATASOURCE' | 'CONFIG' | 'STATE'; readonly name: string };
  readonly action: 'READ' | 'WRITE';
}

/** What the authenticator and the authorizer of a Druid with basic security are called here: a part of their paths. */
export const SECURITY_NAME = 'basic';

/** The router looks for changed users every second. */
const KNOWN_WITHIN = { timeoutMs: 10_000, intervalMs: 100 };

/** The users of a Druid with basic security, changed by its administrator over its own API. */
export class DruidUsers {
  readonly #coordinator: () => DruidTarget;
  readonly #router: () => DruidTarget;

  /**
   * @param coordinator what manages the users, as the administrator calls it
   * @param router what has to know of them as well
   */
  constructor(coordinator: () => DruidTarget, router: () => DruidTarget = coordinator) {
    this.#coordinator = coordinator;
    this.#router = router;
  }

  /** Adds a user with a password and a role of the same name that has these permissions. Resolves when the user is let in. */
  async add(user: string, password: string, permissions: readonly DruidPermission[]): Promise<void> {
    const authorization = `authorization/db/${SECURITY_NAME}`;
    await this.#post(`authentication/db/${SECURITY_NAME}/users/${user}`);
    await this.#post(`${authorization}/users/${user}`);
    await this.#post(`${authorization}/roles/${user}`);
    await this.#post(`${authorization}/users/${user}/roles/${user}`);
    await this.#post(`${authorization}/roles/${user}/permissions`, permissions);
    await this.setPassword(user, password);
  }

  /** Changes a password. Resolves when the new one is let in; the old one no longer is. */
  async setPassword(user: string, password: string): Promise<void> {
    await this.#post(`authentication/db/${SECURITY_NAME}/users/${user}/credentials`, { password });
    const target = { ...this.#router(), login: { user, password } };
    const letIn = async (): Promise<boolean> =>
      (await callDruid(target, { method: 'GET', path: '/druid/indexer/v1/supervisor' })).status !== 401;
    if (await waitUntil(letIn, KNOWN_WITHIN)) return;
    throw new Error(`Druid does not let ${user} in ${KNOWN_WITHIN.timeoutMs / 1_000} s after the password was set`);
  }

  async #post(path: string, body: unknown = {}): Promise<void> {
    const answer = await callDruid(this.#coordinator(), {
      method: 'POST',
      path: `/druid-ext/basic-security/${path}`,
      body,
    });
    if (answer.status !== 200) throw new Error(`POST ${path}: Druid answered ${answer.status} ${answer.text}`);
  }
}
