import { k8s, rule, Type, withDefault } from '@capstan/crd';
import { componentFields } from './component.ts';

const percent = (of: string) =>
  Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      description: `Average ${of} in percent of what is requested that the autoscaler aims at.`,
    }),
  );

const pods = (description: string) => Type.Integer({ minimum: 1, maximum: 1000, description });

const autoscaling = Type.Object(
  {
    enabled: withDefault(Type.Boolean({ description: 'Leave the number of proxies to an autoscaler.' }), true),
    minReplicas: withDefault(pods('The fewest proxies there are.'), 1),
    maxReplicas: withDefault(pods('The most proxies there are.'), 10),
    targetCPU: percent('CPU'),
    targetMemory: percent('memory'),
  },
  {
    description:
      'A HorizontalPodAutoscaler on CPU and memory. Without any target it aims at 80 percent of the requested CPU.',
    rules: [
      rule('self.minReplicas <= self.maxReplicas', 'must not be greater than maxReplicas', {
        fieldPath: '.minReplicas',
      }),
    ],
  },
);

/** An autoscaler measures usage against requests; Kubernetes takes a limit for the request that is not given. */
function requested(resource: 'cpu' | 'memory', isAimedAt: string) {
  const given = (where: string) => `(has(self.resources.${where}) && '${resource}' in self.resources.${where})`;
  return rule(
    `!has(self.autoscaling) || !self.autoscaling.enabled || !(${isAimedAt}) || ${given('requests')} || ${given('limits')}`,
    `needs requests.${resource}: the autoscaler aims at a share of the ${resource} that is requested`,
    { fieldPath: '.resources', reason: 'FieldValueRequired' },
  );
}

/** The data plane. */
export const proxy = withDefault(
  Type.Object(
    {
      replicas: withDefault(
        pods('Proxies there are. With autoscaling only the number to start with: the autoscaler decides from then on.'),
        1,
      ),
      autoscaling: Type.Optional(autoscaling),
      resources: withDefault(k8s.resourceRequirements({ description: 'Compute resources of each proxy.' }), {
        requests: { cpu: '20m', memory: '32Mi' },
        limits: { cpu: '1', memory: '256Mi' },
      }),
      ...componentFields('prism-proxy'),
    },
    {
      description: 'prism-proxy, the data plane: clients speak gRPC with it.',
      rules: [
        requested('cpu', 'has(self.autoscaling.targetCPU) || !has(self.autoscaling.targetMemory)'),
        requested('memory', 'has(self.autoscaling.targetMemory)'),
      ],
    },
  ),
  {},
);
