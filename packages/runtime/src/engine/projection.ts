import type { FieldSet, KubeObject } from '@capstan/kube';
import { below, elementsOf, isLeaf } from './field-set.ts';
import { fieldOf } from './json-value.ts';
import { itemFinder } from './list-items.ts';
import type { EngineNames } from './seal.ts';

/**
 * The values of the fields we own, as text: what our last apply came to once the server had defaulted and webhooks had
 * changed it. Our own two annotations are left out; they speak about the rest.
 */
export function projectionText(live: KubeObject, own: FieldSet, names: EngineNames): string {
  const values: string[] = [];
  const fields = withoutOurAnnotations(own, names);
  // An empty root owns nothing; anywhere else a node without children owns all of itself.
  if (!isLeaf(fields)) project(live, fields, values);
  return values.join('\n');
}

function project(live: unknown, own: FieldSet, values: string[]): void {
  if (isLeaf(own)) {
    values.push(live === undefined ? '~' : JSON.stringify(live));
    return;
  }
  const itemOf = Array.isArray(live) ? itemFinder(live, own) : undefined;
  for (const element of elementsOf(own)) {
    const value = itemOf === undefined ? fieldOf(live, element.slice(2)) : itemOf(element);
    const node = below(own, element);
    if (node !== undefined) project(value, node, values);
  }
}

function withoutOurAnnotations(own: FieldSet, names: EngineNames): FieldSet {
  const { 'f:metadata': metadata = {}, ...others } = own;
  const { 'f:annotations': annotations = {}, ...rest } = metadata;
  const { [`f:${names.sealAnnotation}`]: _seal, [`f:${names.liveAnnotation}`]: _live, ...foreign } = annotations;
  const kept = withUnlessEmpty(rest, 'f:annotations', foreign);
  return withUnlessEmpty(others, 'f:metadata', kept);
}

/** An empty node would read as "the whole map is ours", and project what others and the server write into it. */
function withUnlessEmpty(set: FieldSet, element: string, node: FieldSet): FieldSet {
  return isLeaf(node) ? set : { [element]: node, ...set };
}
