import { join } from 'node:path';
import { tlsFiles } from '../proxy/proxy-config.ts';
import { accessEntries, isAccessFile } from './access-entries.ts';
import { type CheckedPem, checkAuthorities, checkServerPair } from './certificate-check.ts';
import {
  authoritiesDelivery,
  canBeSent,
  certificateDelivery,
  comparedAuthoritiesDelivery,
  type Delivery,
  entriesDelivery,
} from './delivery.ts';
import type { MountedFiles } from './mounted-directory.ts';

/** One thing that HAProxy should have. */
export type WantedContent = { readonly path: string } & (
  | { readonly kind: 'Usable'; readonly deliver: Delivery; readonly about: Readonly<Record<string, string>> }
  | { readonly kind: 'Unusable'; readonly file: string; readonly reason: string }
);

/** The certificate and the authorities in a directory of TLS files, by the paths HAProxy knows them by. */
export function wantedTls(directory: string, files: MountedFiles, now: number): readonly WantedContent[] {
  const { certificate, key, authorities } = tlsFiles;
  const pair = checkServerPair(files[certificate] ?? '', files[key] ?? '', now);
  const signers = files[authorities];
  const isTooLong = pair.kind === 'Usable' && !canBeSent(pair.pem);
  const signersDelivery = isTooLong ? comparedAuthoritiesDelivery : authoritiesDelivery;
  return [
    wantedPem(join(directory, certificate), pair, certificateDelivery),
    ...(signers === undefined
      ? []
      : [wantedPem(join(directory, authorities), checkAuthorities(signers), signersDelivery)]),
  ];
}

function wantedPem(
  path: string,
  checked: CheckedPem,
  delivery: (path: string, pem: string) => Delivery,
): WantedContent {
  if (checked.kind === 'Unusable') return { ...checked, path };
  return { kind: 'Usable', path, about: checked.about, deliver: delivery(path, checked.pem) };
}

/** The lists and maps in a directory of access files. */
export function wantedAccess(directory: string, files: MountedFiles): readonly WantedContent[] {
  return Object.entries(files)
    .filter(([name]) => isAccessFile(name))
    .map(([name, text]) => wantedEntries(name, join(directory, name), accessEntries(name, text)));
}

function wantedEntries(file: string, path: string, entries: readonly string[] | undefined): WantedContent {
  if (entries === undefined) return { kind: 'Unusable', path, file, reason: 'a line of it is not an entry' };
  return { kind: 'Usable', path, about: { entries: String(entries.length) }, deliver: entriesDelivery(path, entries) };
}
