import type { Login } from '../druid-call.ts';
import type { DruidPermission } from '../druid-users.ts';
import { SECURITY_NAME } from '../druid-users.ts';
import { DruidRefusal, empty, type FakeAnswer, json } from './fake-answer.ts';
import type { FakeRequest } from './fake-request.ts';
import { isJsonObject } from './json-shape.ts';
import { type Access, parametersOf } from './route.ts';

interface Account {
  password: string | undefined;
  readonly roles: Set<string>;
}

/** The users, roles and permissions of a fake Druid with basic security, and the API that changes them. */
export class Accounts {
  readonly #admin: Login;
  readonly #users = new Map<string, Account>();
  readonly #roles = new Map<string, readonly DruidPermission[]>();

  constructor(admin: Login) {
    this.#admin = admin;
  }

  /** What the caller may do. Throws 401 for a caller without credentials, and for one with wrong ones. */
  accessOf(request: FakeRequest): Access {
    const login = loginOf(request);
    if (login === undefined) throw new DruidRefusal(unauthenticated());
    if (login.user === this.#admin.user && login.password === this.#admin.password) return () => true;
    const account = this.#users.get(login.user);
    if (account === undefined) throw new DruidRefusal(refusedLogin(request.path, 'Unauthorized'));
    if (account.password !== login.password) {
      throw new DruidRefusal(refusedLogin(request.path, 'User authentication failed.'));
    }
    const permissions = [...account.roles].flatMap((role) => this.#roles.get(role) ?? []);
    return (type, name, action) =>
      permissions.some(
        (allowed) =>
          allowed.action === action &&
          allowed.resource.type === type &&
          new RegExp(`^(?:${allowed.resource.name})$`).test(name),
      );
  }

  /** Answers what manages users, for the administrator; undefined for every other path. */
  manage(request: FakeRequest, may: Access): FakeAnswer | undefined {
    const base = 'druid-ext/basic-security';
    if (!request.path.startsWith(`/${base}/`)) return undefined;
    if (!may('CONFIG', 'security', 'WRITE')) return json({ 'Access-Check-Result': 'Unauthorized' }, 403);
    const named = (path: string): Readonly<Record<string, string>> | undefined =>
      parametersOf(`${base}/${path}`.replace('NAME', SECURITY_NAME), request.segments);
    const body = request.json();
    for (const [path, change] of Object.entries(this.#changes())) {
      const parts = named(path);
      if (parts === undefined) continue;
      change(parts, body);
      return empty(200, 'application/json');
    }
    return empty(404);
  }

  #changes(): Readonly<Record<string, (parts: Readonly<Record<string, string>>, body: unknown) => void>> {
    return {
      'authentication/db/NAME/users/:user': ({ user = '' }) => void this.#account(user),
      'authentication/db/NAME/users/:user/credentials': ({ user = '' }, body) => {
        this.#account(user).password = isJsonObject(body) ? String(body['password']) : undefined;
      },
      'authorization/db/NAME/users/:user': ({ user = '' }) => void this.#account(user),
      'authorization/db/NAME/roles/:role': ({ role = '' }) => void this.#roles.set(role, []),
      'authorization/db/NAME/users/:user/roles/:role': ({ user = '', role = '' }) =>
        void this.#account(user).roles.add(role),
      // Whoever calls this fake is the test, which posts what the type of DruidUsers says.
      'authorization/db/NAME/roles/:role/permissions': ({ role = '' }, body) =>
        void this.#roles.set(role, body as readonly DruidPermission[]),
    };
  }

  #account(user: string): Account {
    const account = this.#users.get(user) ?? { password: undefined, roles: new Set() };
    this.#users.set(user, account);
    return account;
  }
}

function loginOf(request: FakeRequest): Login | undefined {
  const encoded = /^Basic (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { user, password: password.join(':') };
}

function unauthenticated(): FakeAnswer {
  const body = { error: 'Unauthorized request', errorMessage: null, errorClass: null, host: 'localhost' };
  const headers = { 'www-authenticate': 'Basic' };
  return { status: 401, contentType: 'application/json;charset=utf-8', headers, text: JSON.stringify(body) };
}

function refusedLogin(url: string, message: string): FakeAnswer {
  return json({ servlet: 'default', message, url, status: '401' }, 401);
}
