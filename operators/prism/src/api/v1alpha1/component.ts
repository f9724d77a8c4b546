import { k8s, listSet, rule, stringEnum, stringMap, Type } from '@capstan/crd';
import { configHashAnnotation, restartedForAnnotation } from '../../annotations.ts';
import { brief } from './brief.ts';
import { labelValues, port, secretName } from './scalars.ts';

const ownLabels = [
  ...['name', 'instance', 'component', 'managed-by'].map((name) => `app.kubernetes.io/${name}`),
  'prism.io/part',
];

const ownAnnotations = [configHashAnnotation, restartedForAnnotation];

/** Where the image of a component comes from. */
export function imageFields(whose: string) {
  return {
    image: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 512,
        pattern: '^[A-Za-z0-9][A-Za-z0-9._:/@-]*$',
        description: `Image of ${whose}, with its tag or digest; goes before that of the profile or version.`,
      }),
    ),
    imagePullPolicy: Type.Optional(
      stringEnum(['Always', 'IfNotPresent', 'Never'], {
        description:
          'When the kubelet pulls the image. Always for the tag latest, IfNotPresent otherwise, unless given.',
      }),
    ),
    pullSecrets: Type.Optional(
      listSet(secretName('Name of a Secret of type kubernetes.io/dockerconfigjson.'), {
        maxItems: 16,
        description: 'Secrets with the credentials of the image registry.',
      }),
    ),
  };
}

function className(description: string) {
  return Type.String({ minLength: 1, maxLength: 253, pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$', description });
}

/** Where the pods of a component run, and what they are marked with. */
export function placementFields(whose: string) {
  return {
    affinity: Type.Optional(brief(k8s.affinity({ description: `Scheduling constraints of the pods of ${whose}.` }))),
    nodeSelector: Type.Optional(labelValues({ description: `Labels a node must have to run ${whose}.` })),
    tolerations: Type.Optional(
      k8s.tolerations({ maxItems: 64, description: 'Taints of nodes that the pods put up with.' }),
    ),
    topologySpreadConstraints: Type.Optional(
      k8s.topologySpreadConstraints({
        maxItems: 8,
        description:
          'How the pods spread over zones and nodes. A constraint without labelSelector counts the pods of this component.',
      }),
    ),
    priorityClassName: Type.Optional(
      className('PriorityClass of the pods; that of the cluster where it has a default, unless given.'),
    ),
    runtimeClassName: Type.Optional(className('RuntimeClass of the pods; the default of their nodes unless given.')),
    podAnnotations: Type.Optional(
      stringMap({
        maxProperties: 64,
        description: 'Annotations of the pods. A change rolls them.',
        rules: ownAnnotations.map((name) =>
          rule(`!('${name}' in self)`, `${name} is set by the operator: choose another name`),
        ),
      }),
    ),
    podLabels: Type.Optional(
      labelValues({
        description: "Labels of the pods besides the operator's own. A change rolls them.",
        rules: ownLabels.map((name) =>
          rule(`!('${name}' in self)`, `${name} is set by the operator: choose another name`),
        ),
      }),
    ),
  };
}

/** What may be overridden of a component of Prism; each field goes before what the profile says. */
export function componentFields(whose: string) {
  const texts = (description: string) =>
    Type.Optional(Type.Array(Type.String({ maxLength: 4096 }), { maxItems: 64, description }));
  return {
    ...imageFields(whose),
    command: texts(`Entry point of ${whose}, in place of the profile's.`),
    args: texts(`Arguments of ${whose}, in place of the profile's.`),
    env: Type.Optional(
      k8s.env({
        maxItems: 100,
        description: `Environment variables of ${whose}; each goes before one of the same name that the operator sets.`,
      }),
    ),
    port: Type.Optional(port(`Port that ${whose} serves on, in place of the profile's.`)),
    ...placementFields(whose),
  };
}
