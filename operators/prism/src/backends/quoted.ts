/**
 * A text in the double quotes that the configuration files of redis and nats understand.
 *
 * Control characters are no part of credentials, so quotes and backslashes are all there is to escape.
 */
export function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
