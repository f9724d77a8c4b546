import { holdsCredential, isCredential } from './credentials.ts';

const hidden = '(not shown)';

/**
 * A copy in which the values of variables that seem to be logins are not shown, nor words of a command line, nor annotations: a
 * plan shows live objects next to what changes.
 */
export function withoutCredentials<T>(value: T): T {
  // Texts become other texts, and nothing else changes: it is still a T.
  return JSON.parse(JSON.stringify(value), hideLogins) as T;
}

function hideLogins(key: string, value: unknown): unknown {
  if (Array.isArray(value)) {
    const isCommandLine = (key === 'args' || key === 'command') && value.every((each) => typeof each === 'string');
    return isCommandLine && holdsCredential(value.join(' ')) ? [hidden] : value;
  }
  if (key === 'annotations' && isRecord(value)) return mapped(value, (name, text) => isHidden(name, text));
  if (!isRecord(value) || typeof value['name'] !== 'string' || typeof value['value'] !== 'string') return value;
  return isCredential(value['name'], value['value']) ? { ...value, value: hidden } : value;
}

function mapped(record: Readonly<Record<string, unknown>>, isSecret: (name: string, text: string) => boolean) {
  return Object.fromEntries(
    Object.entries(record).map(([name, text]) => [
      name,
      typeof text === 'string' && isSecret(name, text) ? hidden : text,
    ]),
  );
}

function isHidden(name: string, text: string): boolean {
  return name.startsWith('kubectl.kubernetes.io/last-applied') || isCredential(name, text);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
