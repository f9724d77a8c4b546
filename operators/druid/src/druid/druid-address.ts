/**
 * By what one Druid is told from another, whichever way its URL is written: capitals, the usual port, a dot or slash at the end make
 * no difference. `undefined` for what is no URL. Pure.
 */
export function druidAddress(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null) return undefined;
  const host = url.hostname.replace(/\.$/, '').replace(/\.svc\.cluster\.local$/, '.svc');
  const port = url.port === '' ? (usualPorts[url.protocol] ?? '') : url.port;
  return `${url.protocol}//${host}:${port}${url.pathname.replace(/\/+$/, '')}`;
}

const usualPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };
