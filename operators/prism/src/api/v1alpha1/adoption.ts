import { listMap, rule, stringEnum, Type, withDefault } from '@capstan/crd';
import { labelValues } from './scalars.ts';

function objectName(description: string) {
  return Type.String({ minLength: 1, maxLength: 253, pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$', description });
}

const workload = Type.Object(
  {
    component: Type.String({
      maxLength: 63,
      pattern: '^(prism-admin|prism-proxy|[a-z]([-a-z0-9]*[a-z0-9])?-runner)$',
      description: 'What it runs: prism-admin, prism-proxy, or <name of the pattern>-runner.',
    }),
    name: Type.String({
      minLength: 1,
      maxLength: 52,
      pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
      description: 'Name of the Deployment or StatefulSet; the one of its pattern, where it is one of a pattern.',
    }),
    selector: labelValues({
      minProperties: 1,
      description: 'Its spec.selector.matchLabels, which nobody can change. Services find its pods by them.',
    }),
    container: Type.Optional(
      objectName('Name of the container that runs the component; that of the component unless given.'),
    ),
    service: Type.Optional(objectName('Name of its Service; the name of the workload unless given.')),
    claim: Type.Optional(objectName('Name of the PersistentVolumeClaim that all its pods use. It stays as it is.')),
  },
  { description: 'A workload that was made by somebody else.' },
);

/** What runs already and becomes part of the cluster as it is. */
export const adoption = Type.Object(
  {
    podTemplates: withDefault(
      stringEnum(['Keep', 'Replace'], {
        description:
          'Keep: of a pod nothing changes but what the cluster says of image, imagePullPolicy, command, args, env and resources; no pod restarts as long as that is what it has. Replace: pods become what they would be in a new cluster, and restart for it.',
      }),
      'Keep',
    ),
    workloads: withDefault(
      listMap(workload, ['component'], {
        maxItems: 52,
        description: 'Workloads that are taken over, each for one component. The same one serves one component only.',
        rules: [
          rule('self.all(a, self.exists_one(b, a.name == b.name))', 'each workload can be of one component only'),
        ],
      }),
      [],
    ),
    autoscaler: Type.Optional(
      objectName('Name of the HorizontalPodAutoscaler of prism-proxy that is taken over with its workload.'),
    ),
    ingress: Type.Optional(objectName('Name of the Ingress that is taken over.')),
  },
  {
    description:
      'Objects that exist and were not made by this operator. Those named here become part of the cluster under the names they have; what another controller or a Helm release owns is left alone. prismctl kubernetes export writes this.',
  },
);
