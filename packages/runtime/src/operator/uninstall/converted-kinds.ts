import type { ConvertibleKind } from '../../webhook/webhook.ts';
import type { UninstalledOperator } from './uninstall-options.ts';

/** A kind of which the operator converts objects between versions. */
export interface ConvertedKind extends ConvertibleKind {
  /** The name of its definition. */
  readonly definition: string;
}

/** The kinds that nobody converts once the operator is gone. */
export function convertedKinds({ webhooks = [] }: Pick<UninstalledOperator, 'webhooks'>): readonly ConvertedKind[] {
  const kinds = webhooks.flatMap((webhook) => (webhook.role === 'convert' ? [webhook.kind] : []));
  return kinds.map((kind) => ({ ...kind, definition: `${kind.plural}.${kind.group}` }));
}
