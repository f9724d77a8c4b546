import { k8s, Type } from '@capstan/crd';

const secretKey = (description: string) => Type.Optional(Type.String({ maxLength: 253, description }));

/** Who the operator is to Druid. */
export const auth = Type.Object(
  {
    type: Type.String({ maxLength: 64, description: 'basic-auth: by user name and password.' }),
    secretRef: Type.Object(
      {
        name: Type.Optional(Type.String({ maxLength: 253, description: 'Name of the Secret.' })),
        namespace: Type.Optional(
          Type.String({
            maxLength: 63,
            description: "The resource's own namespace, or nothing: Secrets of others are never read.",
          }),
        ),
      },
      { description: 'Secret with the user name and password.', 'x-kubernetes-map-type': 'atomic' },
    ),
    usernameKey: secretKey('Key of the user name in the Secret; OperatorUserName unless given.'),
    passwordKey: secretKey('Key of the password in the Secret; OperatorPassword unless given.'),
  },
  { description: 'How the operator proves to Druid who it is. A change of the Secret counts at once.' },
);

/** Where Druid is, when no Service of a Druid cluster in the namespace says so. */
export const endpoint = Type.Object(
  {
    url: Type.Optional(
      Type.String({
        maxLength: 2_048,
        pattern: '^https?://[^\\s@]+$',
        description:
          'Address of the router, such as https://druid.example:9088. Only hosts that the operator allows. Unless given: the router Service of spec.druidCluster.',
      }),
    ),
    caSecretRef: Type.Optional(
      k8s.localObjectReference({
        description:
          'Secret with ca.crt, by which the certificate of Druid is verified. Such a router is asked by TLS.',
      }),
    ),
  },
  { description: 'Where Druid is asked.' },
);
