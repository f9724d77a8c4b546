import { isDeepStrictEqual } from 'node:util';
import { apiVersionOf, type KubeObject, type ResourceType } from '@capstan/kube';
import { presentable, shownWhole } from '@capstan/runtime';
import { stringify } from 'yaml';
import type { Detail } from '../api.ts';

/** An object as YAML without secrets, and as it can be edited. */
export type ShownYaml = Pick<Detail, 'yaml' | 'editable' | 'notEditable'>;

/**
 * Writes an object for people: values of Secrets are hashes, secrets in texts are masked. Pure.
 * @param group of the custom resource whose tree it stands in: the engine writes annotations under this name
 * @param edited the kind that an operator here looks after; absent for what is not edited
 */
export function shownYaml(object: KubeObject, group: string, edited: ResourceType | undefined): ShownYaml {
  const names = { sealAnnotation: `${group}/applied`, liveAnnotation: `${group}/applied-live` };
  const yaml = yamlOf(shownWhole(object, names));
  return { yaml, ...(edited !== undefined && editableOf(object, edited, names)) };
}

function editableOf(
  object: KubeObject,
  type: ResourceType,
  names: Parameters<typeof presentable>[1],
): Pick<Detail, 'editable' | 'notEditable'> {
  if (object.apiVersion !== apiVersionOf(type))
    return { notEditable: `it is of version ${object.apiVersion}, and the operator works with ${apiVersionOf(type)}` };
  const shown = presentable(object, names);
  if (!isDeepStrictEqual(contentOf(shown), contentOf(object)))
    return {
      notEditable: 'it holds secrets in plain text, which are not shown: plan a file of it with capstan plan -f',
    };
  return { editable: yamlOf(applicable(shown)) };
}

/** All but what the server, the engine and kubectl write. */
function contentOf(object: KubeObject): object {
  const { status: _status, metadata: _metadata, ...content } = { status: undefined, ...object };
  return content;
}

/** As in a file: who owns it, and who waits for its end, is not said in one. */
function applicable(object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata, ...content } = object;
  const { name, namespace, labels, annotations } = metadata;
  const head = { name, ...(namespace !== undefined && { namespace }), ...(labels !== undefined && { labels }) };
  return { apiVersion, kind, metadata: { ...head, ...(annotations !== undefined && { annotations }) }, ...content };
}

function yamlOf(object: KubeObject): string {
  return stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });
}
