import { freeForm, k8s, listMap, listSet, rule, stringEnum, Type, withDefault } from '@capstan/crd';
import { componentFields } from './component.ts';
import { storageClassName, volumeSize } from './scalars.ts';

/** What a pattern may name as its backends. sqlite is no server: a file on the volume of the pattern. */
const patternBackends = ['redis', 'nats', 'postgres', 'minio', 'kafka', 'sqlite'] as const;

const label = { maxLength: 40, pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$' };

const storage = Type.Object(
  {
    type: Type.Optional(stringEnum(['sqlite'], { description: 'What is on the volume; sqlite, and nothing else.' })),
    size: withDefault(
      volumeSize('Size of the volume. It may grow where the StorageClass allows expansion; it never shrinks.'),
      '1Gi',
    ),
    storageClassName: Type.Optional(
      storageClassName(
        'StorageClass of the volume; the default class unless given. Fixed once the cluster has started.',
      ),
    ),
  },
  {
    description:
      'A volume for each pod of a StatefulSet, or one for the single pod of a Deployment. It stays when the pattern goes, unless deletionPolicy is Delete.',
  },
);

/** Of a runner, wherever it is described. */
export const runnerResources = withDefault(
  k8s.resourceRequirements({ description: 'Compute resources of each pod.' }),
  {
    requests: { cpu: '10m', memory: '32Mi' },
    limits: { cpu: '250m', memory: '128Mi' },
  },
);

const pattern = Type.Object(
  {
    name: Type.String({ ...label, description: 'Name of the pattern; unique. Its workload is <name>-runner.' }),
    type: withDefault(
      stringEnum(['Deployment', 'StatefulSet'], {
        description:
          'Which kind of workload runs it. A change makes the other kind; data does not move between them, and stays on its volume.',
      }),
      'Deployment',
    ),
    runner: Type.Optional(
      Type.String({
        ...label,
        description: 'Which runner it is, such as keyvalue; the name of the pattern unless given.',
      }),
    ),
    replicas: withDefault(
      Type.Integer({
        minimum: 0,
        maximum: 1000,
        description: 'Pods there are. Two consumers of one topic both get every message.',
      }),
      1,
    ),
    backends: withDefault(
      listSet(stringEnum(patternBackends), {
        maxItems: 6,
        description:
          'Backends it uses, each to be enabled in spec.backends. sqlite is no server but a file on the volume of the pattern.',
      }),
      [],
    ),
    storage: Type.Optional(storage),
    resources: runnerResources,
    config: Type.Optional(
      freeForm({
        description:
          'Merged over the configuration that the operator renders for the runner, such as behavior: {topic: orders}. No passwords: it is readable by everybody who may read the cluster.',
      }),
    ),
    ...componentFields('the runner'),
  },
  {
    description: 'A pattern runner.',
    rules: [
      rule(
        "!has(self.storage) || self.type == 'StatefulSet' || self.replicas <= 1",
        'must be 1 at most: the pods of a Deployment share one volume. With type StatefulSet each has its own',
        { fieldPath: '.replicas' },
      ),
    ],
  },
);

/** The pattern runners. */
export const patterns = withDefault(
  listMap(pattern, ['name'], { maxItems: 50, description: 'The pattern runners, each under a name of its own.' }),
  [],
);
