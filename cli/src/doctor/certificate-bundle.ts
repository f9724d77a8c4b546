import { X509Certificate } from 'node:crypto';

/** What is wrong with the certificates that API servers are to trust; nothing when all is well. */
export type BundleTrouble =
  | { readonly kind: 'Absent' | 'Unreadable' }
  | { readonly kind: 'Expired' | 'ExpiresSoon'; readonly at: string };

const soonMs = 14 * 24 * 3_600_000;
const begin = '-----BEGIN CERTIFICATE-----';

/**
 * Looks at a CA bundle. Of several certificates the one that is valid the longest counts: the others may be former ones.
 * @param bundle PEM in base64, as webhooks have it
 * @param now ms since 1970
 */
export function bundleTrouble(bundle: string | undefined, now: number): BundleTrouble | undefined {
  if (bundle === undefined || bundle === '') return { kind: 'Absent' };
  const ends = expiriesIn(Buffer.from(bundle, 'base64').toString('utf8'));
  if (ends.length === 0) return { kind: 'Unreadable' };
  const last = Math.max(...ends);
  const at = new Date(last).toISOString();
  if (last <= now) return { kind: 'Expired', at };
  return last - now < soonMs ? { kind: 'ExpiresSoon', at } : undefined;
}

function expiriesIn(pem: string): readonly number[] {
  const blocks = pem.split(begin).slice(1);
  try {
    return blocks.map((block) => new X509Certificate(begin + block).validToDate.getTime());
  } catch {
    return [];
  }
}
