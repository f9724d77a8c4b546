import { Event, type KubeClient, type KubeObject } from '@capstan/kube';
import type { ConditionView, Detail, EventView, TreeNode } from '../api.ts';
import { conditionsOf, isCurrent } from '../health.ts';
import { asRefused, Refused } from '../refused.ts';
import { familyOf, loneNode } from '../trees.ts';
import type { ObjectAddress } from '../visitor.ts';
import type { ClusterWatch } from '../watch/cluster-watch.ts';
import { eventViews } from './event-views.ts';
import type { PassesReader } from './passes.ts';
import { shownYaml } from './shown-yaml.ts';

export interface DetailSources {
  readonly client: KubeClient;
  readonly watch: ClusterWatch;
  readonly passes: PassesReader;
}

/**
 * Everything there is to say of one object, read now. What of it may not be read is left out, and says so.
 * @throws {Refused} when the object itself may not be read, is not there, or is of a kind that no tree has
 */
export async function detailOf(address: ObjectAddress, { client, watch, passes }: DetailSources): Promise<Detail> {
  const kind = watch.kindOf(address);
  if (kind === undefined)
    throw new Refused(404, `${address.plural} is none of the kinds here: ${watch.kindNames.join(', ')}`);
  const { type, isCustom } = kind;
  const { namespace, name } = address;
  if (type.namespaced !== (namespace !== undefined))
    throw new Refused(
      400,
      `${type.kind} is ${type.namespaced ? '' : 'not '}of a namespace, and the address says otherwise`,
    );
  const object = await client.get(type, { namespace, name });
  if (object === undefined) throw new Refused(404, `there is no ${type.kind} ${name} (any more)`);
  const found = watch.find(object.metadata.uid ?? '');
  const node = found?.node ?? loneNode(object, type, isCustom);
  const [events, recent] = await Promise.all([
    eventsOf(client, node),
    isCustom ? passes({ kind: type.kind, namespace: namespace ?? '_', name }) : { passes: [] },
  ]);
  const group = found?.root.ref.group ?? type.group;
  const yaml = shownYaml(object, group, isCustom ? type : undefined);
  return { node, conditions: conditionViews(object), events, ...recent, ...yaml };
}

/** Of the object and of everything below it. Events that may not be listed are none. */
async function eventsOf(client: KubeClient, node: TreeNode): Promise<readonly EventView[]> {
  // Events about what is in no namespace lie in this one.
  const { namespace = 'default' } = node.ref;
  try {
    const { items } = await client.list(Event, { namespace });
    return eventViews(items, familyOf(node));
  } catch (error) {
    const refused = asRefused(error);
    if (!(refused instanceof Refused) || refused.status === 401) throw error;
    return [noEvents(refused.message, node)];
  }
}

function noEvents(why: string, { ref, createdAt }: TreeNode): EventView {
  const about = `${ref.kind}/${ref.name}`;
  return {
    type: 'Warning',
    reason: 'EventsUnavailable',
    note: why,
    by: 'capstan console',
    count: 1,
    at: createdAt,
    about,
  };
}

function conditionViews(object: KubeObject): readonly ConditionView[] {
  return conditionsOf(object).map((condition) => ({
    type: condition.type,
    status: condition.status,
    reason: condition.reason ?? '',
    message: condition.message ?? '',
    since: condition.lastTransitionTime ?? '',
    isCurrent: isCurrent(condition, object),
  }));
}
