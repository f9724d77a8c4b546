import type { Deployment, Draft, Service, StatefulSet } from '@capstan/kube';
import { type Child, child, type Desired } from '@capstan/runtime';
import { volumesStay } from './kept-bodies.ts';
import type { LiveWorkload } from './sight.ts';

/** Lists of a pod in which nothing of a former owner may stay. */
const exclusive = ['containers', 'initContainers', 'volumes'].map((list) => `spec.template.spec.${list}`);

type WorkloadBody = Draft<Deployment> | Draft<StatefulSet>;

/**
 * A workload as the operator makes it, under a name and a selector that somebody else gave it.
 * @param container the name of the container that ran the component before
 * @param live what is there of it: what nobody can change stays as it is
 */
export function wholeWorkload(rendered: Child, container: string, live: LiveWorkload | undefined): Child {
  const { replicas, object } = rendered;
  const { spec, ...body } = object as WorkloadBody; // a workload as `deployment` and `statefulSet` make it
  const { name: component } = spec?.template.spec?.containers[0] ?? {};
  const whole = {
    ...body,
    spec: {
      ...withOtherContainer(spec, component, container),
      ...unchangeable(live),
      // Volumes of somebody else go with nothing of ours, whatever the policy of the cluster is.
      ...(body.kind === 'StatefulSet' && volumesStay),
    },
  };
  return child(whole, { adopt: true, exclusive, ...(replicas !== undefined && { replicas }) });
}

/**
 * What a former owner said of a container stays in one of the same name; one of another name goes, with all that was said of it. So the
 * new one is never called like the one before.
 */
function withOtherContainer(spec: WorkloadBody['spec'], component: string | undefined, before: string) {
  if (spec === undefined || component !== before) return spec;
  const { template } = spec;
  const containers = (template.spec?.containers ?? []).map((each) =>
    each.name === before ? { ...each, name: `${before}-component` } : each,
  );
  return { ...spec, template: { ...template, spec: { ...template.spec, containers } } };
}

function unchangeable(live: LiveWorkload | undefined) {
  if (live?.spec === undefined) return {};
  if (live.kind !== 'StatefulSet') return { selector: live.spec.selector };
  const { selector, serviceName, volumeClaimTemplates, podManagementPolicy } = live.spec as StatefulSet['spec'] & {}; // by its kind
  return {
    ...{ selector, serviceName },
    ...(volumeClaimTemplates !== undefined && { volumeClaimTemplates }),
    ...(podManagementPolicy !== undefined && { podManagementPolicy }),
  };
}

/** A Service that is there, as the operator makes it but for what nobody can change, or others rely on: its type and its address. */
export function serviceAsItStands(rendered: Desired): Desired {
  const { spec, ...body } = rendered as Draft<Service>; // a Service as `service` makes it
  const { clusterIP: _address, type: _type, ...rest } = spec ?? {};
  return { ...body, spec: rest } as Desired; // no field but those of a Service
}

/**
 * A Service that leads to pods that were made by somebody else: by numbers of ports, for nobody knows the names that they have.
 * `undefined` where it would lead nowhere.
 */
export function serviceToKept(rendered: Desired, port: number | undefined): Child | undefined {
  const { spec, ...body } = rendered as Draft<Service>; // a Service as `service` makes it
  const [served] = spec?.ports ?? [];
  if (served === undefined || port === undefined) return undefined;
  return child({ ...body, spec: { ...spec, ports: [{ ...served, targetPort: port }] } } as Desired, { adopt: true }); // no field but one of a Service
}
