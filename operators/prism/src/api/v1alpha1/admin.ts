import { k8s, rule, stringEnum, Type, withDefault } from '@capstan/crd';
import { componentFields } from './component.ts';
import { storageClassName, volumeSize } from './scalars.ts';

const storage = withDefault(
  Type.Object(
    {
      type: withDefault(
        stringEnum(['sqlite', 'postgres'], {
          description:
            'Where prism-admin keeps its state. postgres is refused: no released prism-admin can use it (condition Accepted).',
        }),
        'sqlite',
      ),
      size: withDefault(
        volumeSize(
          'Size of the volume of one prism-admin: database and raft log. It may grow where the StorageClass allows expansion; it never shrinks.',
        ),
        '1Gi',
      ),
      storageClassName: Type.Optional(
        storageClassName(
          'StorageClass of the volumes; the default class unless given. Fixed once the cluster has started.',
        ),
      ),
    },
    { description: 'The state of prism-admin.' },
  ),
  {},
);

/** The control plane. */
export const admin = withDefault(
  Type.Object(
    {
      replicas: withDefault(
        Type.Integer({
          minimum: 1,
          description:
            'Members of the raft group: 1, 3 or 5. Fixed once the cluster has started: prism-admin cannot change its membership. For another number it is bootstrapped anew, empty, once the annotation prism.io/rebootstrap-admin agrees to it.',
          rules: [
            rule(
              'self in [1, 3, 5]',
              'must be 1, 3 or 5: prism-admin is a raft group and refuses to start with an even number of members',
            ),
          ],
        }),
        1,
      ),
      storage,
      proxyRegistration: withDefault(
        stringEnum(['Operator', 'None'], {
          description:
            'Who tells prism-admin of the proxies. It gives no namespace to anybody before it knows of one, and released proxies do not tell. Operator: one stable proxy id is registered for the whole cluster, as soon as a PrismNamespace needs it. None: proxies register themselves; namespaces wait for that.',
        }),
        'Operator',
      ),
      resources: withDefault(k8s.resourceRequirements({ description: 'Compute resources of each prism-admin.' }), {
        requests: { cpu: '20m', memory: '64Mi' },
        limits: { cpu: '500m', memory: '256Mi' },
      }),
      ...componentFields('prism-admin'),
    },
    { description: 'prism-admin, the control plane.' },
  ),
  {},
);
