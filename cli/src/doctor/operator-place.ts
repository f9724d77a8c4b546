import type { Deployment } from '@capstan/kube';

/** Where an install of an operator is, and where it works. */
export interface Place {
  readonly namespace: string;
  /** Its service account. */
  readonly account: string;
  readonly works: 'everywhere' | readonly string[];
}

/** The place of an operator, as its Deployment tells: its account, and the namespaces of its flag `--namespace`. */
export function placeOf({ metadata, spec }: Deployment, operator: string): Place {
  const pod = spec?.template.spec;
  const words = (pod?.containers ?? []).flatMap(({ command = [], args = [] }) => [...command, ...args]);
  const namespaces = namespacesIn(words);
  return {
    namespace: metadata.namespace ?? '',
    account: pod?.serviceAccountName ?? operator,
    works: namespaces.length === 0 ? 'everywhere' : namespaces,
  };
}

/** `--namespace a b`, `--namespace=a,b`, or both. */
function namespacesIn(words: readonly string[]): readonly string[] {
  const found: string[] = [];
  let isListing = false;
  for (const word of words) {
    const inline = /^--namespace=(.*)$/.exec(word)?.[1];
    if (inline !== undefined) found.push(...inline.split(','));
    else if (isListing && !word.startsWith('-')) found.push(...word.split(','));
    isListing = word === '--namespace' || (isListing && !word.startsWith('-'));
  }
  return found.filter((name) => name !== '');
}

/** Whether two installs work on the same objects somewhere. */
export function overlap(one: Place, other: Place): boolean {
  if (one.works === 'everywhere' || other.works === 'everywhere') return true;
  return one.works.some((namespace) => other.works.includes(namespace));
}
