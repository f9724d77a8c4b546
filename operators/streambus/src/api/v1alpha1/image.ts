import { listSet, stringEnum, Type, withDefault } from '@capstan/crd';
import { secretName } from './scalars.ts';

/** Which image the brokers run. */
export const image = withDefault(
  Type.Object(
    {
      repository: withDefault(
        Type.String({
          minLength: 1,
          maxLength: 255,
          pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]*$',
          description: 'Image without its tag, such as ghcr.io/gstreamio/streambus/broker.',
        }),
        'streambus/broker',
      ),
      tag: withDefault(
        Type.String({
          pattern: '^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$',
          maxLength: 128,
          description: 'Image tag. A change rolls the brokers one at a time. Released images carry no "v": 0.6.0.',
        }),
        'latest',
      ),
      pullPolicy: withDefault(
        stringEnum(['Always', 'IfNotPresent', 'Never'], { description: 'When the kubelet pulls the image.' }),
        'IfNotPresent',
      ),
      pullSecrets: Type.Optional(
        listSet(secretName('Name of a Secret of type kubernetes.io/dockerconfigjson.'), {
          maxItems: 16,
          description: 'Secrets with the credentials of the image registry.',
        }),
      ),
    },
    { description: 'The container image of the brokers.' },
  ),
  {},
);
