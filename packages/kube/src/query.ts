import type { ListOptions, WatchOptions, WriteOptions } from './client.ts';

type Value = string | number | boolean | undefined;

/** Query parameters; what is `undefined` is left out. */
function queryOf(values: Readonly<Record<string, Value>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query;
}

/** For one page of a list. A continued list may not name a resourceVersion: its token holds one. */
export function listQuery(options: ListOptions, limit: number, continueToken: string | undefined): URLSearchParams {
  const isFirst = continueToken === undefined;
  return queryOf({
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
    limit: limit > 0 ? limit : undefined,
    continue: continueToken,
    resourceVersion: isFirst ? options.resourceVersion : undefined,
    resourceVersionMatch: isFirst ? options.resourceVersionMatch : undefined,
  });
}

export function watchQuery(options: WatchOptions): URLSearchParams {
  return queryOf({
    watch: true,
    allowWatchBookmarks: true,
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
    resourceVersion: options.resourceVersion,
    resourceVersionMatch: options.resourceVersionMatch,
    sendInitialEvents: options.sendInitialEvents,
    timeoutSeconds: options.timeoutSeconds,
  });
}

export function writeQuery(options: WriteOptions & { readonly force?: boolean }): URLSearchParams {
  return queryOf({
    fieldManager: options.fieldManager,
    fieldValidation: options.fieldValidation ?? 'Strict',
    dryRun: options.dryRun === true ? 'All' : undefined,
    force: options.force,
  });
}
