import type { DruidPermission } from '../druid-users.ts';
import type { DruidState } from './druid-state.ts';
import { DruidRefusal, type FakeAnswer, json } from './fake-answer.ts';
import type { FakeRequest } from './fake-request.ts';

/** Whether the caller may do something. */
export type Access = (
  type: DruidPermission['resource']['type'],
  name: string,
  action: DruidPermission['action'],
) => boolean;

/** One request on its way to what answers it. */
export class Call {
  readonly request: FakeRequest;
  readonly druid: DruidState;
  /** Whether the caller may do something, for lists that show only what may be seen. */
  readonly may: Access;
  readonly #parameters: Readonly<Record<string, string>>;

  constructor(request: FakeRequest, druid: DruidState, may: Access, parameters: Readonly<Record<string, string>>) {
    this.request = request;
    this.druid = druid;
    this.may = may;
    this.#parameters = parameters;
  }

  /** A part of the path, by its name in the route. */
  part(name: string): string {
    return this.#parameters[name] ?? '';
  }

  /** Refuses the request with 403 unless the caller may do this. */
  require(...what: Parameters<Access>): void {
    if (!this.may(...what)) throw new DruidRefusal(json({ 'Access-Check-Result': 'Unauthorized' }, 403));
  }
}

/** What answers one method of one path; a part that begins with a colon stands for anything. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly answer: (call: Call) => FakeAnswer;
}

/** The parts of a path by their names in the route, or undefined when the route means another path. */
export function parametersOf(path: string, segments: readonly string[]): Readonly<Record<string, string>> | undefined {
  const names = path.split('/').filter((part) => part !== '');
  if (names.length !== segments.length) return undefined;
  if (!names.every((name, index) => name.startsWith(':') || name === segments[index])) return undefined;
  const named = names.map((name, index) => [name.slice(1), segments[index] ?? ''] as const);
  return Object.fromEntries(named.filter((_, index) => names[index]?.startsWith(':')));
}
