import { Type, withDefault } from '@capstan/crd';
import { peers } from './scalars.ts';

/** Who may reach what. */
export const networkPolicy = withDefault(
  Type.Object(
    {
      enabled: withDefault(
        Type.Boolean({
          description:
            'Fence the cluster by NetworkPolicies: prism-admin and the backends have no protection of their own, or only a password.',
        }),
        true,
      ),
      clientsFrom: Type.Optional(peers('Who may reach the proxy; everybody unless given.')),
      monitoringFrom: Type.Optional(peers('Who may read metrics; every namespace unless given.')),
    },
    { description: 'What keeps strangers out.' },
  ),
  {},
);
