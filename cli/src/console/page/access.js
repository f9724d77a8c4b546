// @ts-check
/** What the server wants to see with each request: the key of the printed address, or a visitor's token. Never in a URL, never on disk. */

const place = 'capstan-console-access';

/**
 * Takes the key out of the address that `capstan console` printed, before anything else can read or bookmark it.
 * @returns {boolean} whether there was one
 */
export function takeKeyFromAddress() {
  const key = /^#key=([^&]+)/.exec(location.hash)?.[1];
  if (key === undefined) return false;
  keepAccess(decodeURIComponent(key));
  history.replaceState(null, '', `${location.pathname}#/`);
  return true;
}

/**
 * Keeps a key or token for this tab, until it is closed.
 * @param {string} secret
 */
export function keepAccess(secret) {
  sessionStorage.setItem(place, secret);
}

/** Forgets it. */
export function forgetAccess() {
  sessionStorage.removeItem(place);
}

/** Whether one is kept. */
export function hasAccess() {
  return sessionStorage.getItem(place) !== null;
}

/**
 * The header that shows it.
 * @returns {Readonly<Record<string, string>>}
 */
export function accessHeader() {
  const secret = sessionStorage.getItem(place);
  return secret === null ? {} : { Authorization: `Bearer ${secret}` };
}
