import type { OperatorInstall } from '../install-manifests.ts';
import type { OperatorChart } from './operator-chart.ts';
import { schemas, type ValueGroup, type Values } from './values/value.ts';

/** Flags that follow from values, so that permissions and flags cannot contradict each other. */
const flagsOfValues =
  '^--(namespace|rival-namespaces|ignore-rivals|leader-elect|log-level|metrics-secure|metrics-cert-dir|metrics-bind-address|health-probe-bind-address|webhook-[a-z-]+)(=|$)';

/** The values of a chart: those that the charts of all operators have, and its own among them. */
export function operatorValues({ install, values, networkPolicyValues = {} }: OperatorChart): Values {
  return {
    replicaCount: {
      about:
        'Pods of the operator. One works, as its Lease says; the others stand by with warm caches, and the next one works within milliseconds after a clean stop, within 17 s after a crash.',
      default: 3,
      schema: schemas.count(0),
    },
    fullnameOverride: {
      about:
        'Name of what is installed; the name of the release unless told, with that of the chart where it is not in it.',
      default: '',
      schema: schemas.matching('^([a-z]([-a-z0-9]{0,50}[a-z0-9])?)?$'),
    },
    ...imageValues(install),
    ...scopeValues,
    ...runValues,
    metrics: metricsValues,
    ...values,
    networkPolicy: fenceValues(install, networkPolicyValues),
    ...podValues(install),
    ...accountValues,
    uninstall: uninstallValues,
  };
}

function imageValues({ name }: OperatorInstall): Values {
  return {
    image: {
      about:
        'The image of the operator: [registry/]repository:tag, or [registry/]repository@digest where a digest is told.',
      values: {
        registry: {
          about: 'Host of the registry, such as registry.example.com; that of the container runtime unless told.',
          default: '',
          schema: schemas.text,
        },
        repository: {
          about: 'Name of the image in the registry.',
          default: `capstan/${name}`,
          schema: { type: 'string', minLength: 1 },
        },
        tag: { about: 'The appVersion of the chart unless told.', default: '', schema: schemas.text },
        digest: {
          about: 'sha256:... of the image, which then does not depend on any tag.',
          default: '',
          schema: schemas.matching('^(sha256:[0-9a-f]{64})?$'),
        },
        pullPolicy: {
          about: 'When the image is pulled.',
          default: 'IfNotPresent',
          schema: schemas.oneOf('Always', 'IfNotPresent', 'Never'),
        },
      },
    },
    imagePullSecrets: {
      about: 'Secrets to pull the image with, in the namespace of the release: a list of {name: ...}.',
      default: [],
      schema: schemas.listed({
        type: 'object',
        additionalProperties: false,
        required: ['name'],
        properties: { name: { type: 'string', minLength: 1 } },
      }),
    },
  };
}

const scopeValues: Values = {
  namespaces: {
    about:
      'Namespaces to work in; empty: every namespace. Permissions follow: Roles in these, which must exist, with a ClusterRole for what no namespace holds; or one ClusterRole.',
    default: [],
    schema: schemas.namespaces,
  },
  crds: {
    about: 'The CustomResourceDefinitions. Uninstalling never deletes them: that would delete every custom resource.',
    values: {
      install: {
        about:
          'Whether this release brings and upgrades them. A second release in another namespace sets it to false: a definition belongs to one release.',
        default: true,
        schema: schemas.boolean,
      },
      annotations: {
        about: 'Further annotations of the definitions, such as argocd.argoproj.io/sync-options.',
        default: {},
        schema: schemas.stringMap,
      },
    },
  },
  rivals: {
    about: 'The operator that this one replaces: while it is at work, this one stands by.',
    values: {
      ignore: {
        about: 'Work although it may be at work: both would write to the same objects.',
        default: false,
        schema: schemas.boolean,
      },
      namespaces: {
        about: 'Look for it in these namespaces only; empty: in every namespace.',
        default: [],
        schema: schemas.namespaces,
      },
    },
  },
};

const runValues: Values = {
  logLevel: {
    about: 'Least important lines to log.',
    default: 'info',
    schema: schemas.oneOf('debug', 'info', 'warn', 'error'),
  },
  extraArgs: {
    about:
      'Further flags of the operator, as its --help lists them, such as --concurrency=32. Flags that follow from other values are refused.',
    default: [],
    schema: schemas.listed({ type: 'string', pattern: '^--', not: { pattern: flagsOfValues } }),
  },
  extraEnv: {
    about:
      'Further environment variables, such as OTEL_EXPORTER_OTLP_ENDPOINT for traces: a list of {name, value} or {name, valueFrom}.',
    default: [],
    schema: schemas.listed({
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      properties: {
        name: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$', not: { enum: ['POD_NAME', 'POD_NAMESPACE'] } },
        value: { type: 'string' },
        valueFrom: { type: 'object' },
      },
    }),
  },
};

const metricsValues: ValueGroup = {
  about: 'Metrics of the operator, at port 8080 of each pod.',
  values: {
    secure: {
      about:
        'By HTTPS, for those only who may get the URL /metrics, as the ClusterRole NAMESPACE:NAME-metrics-reader lets them.',
      default: false,
      schema: schemas.boolean,
    },
    certificateSecret: {
      about:
        'Secret with tls.crt, tls.key and ca.crt for it, as cert-manager writes them; else each pod makes a certificate that nobody can verify.',
      default: '',
      schema: schemas.text,
    },
    serviceMonitor: {
      about:
        'A Service and a ServiceMonitor, for the operator of Prometheus, whose definitions must be installed; with secure also an account that may read the metrics, whose token Prometheus shows.',
      values: {
        enabled: { about: 'Whether they are made.', default: false, schema: schemas.boolean },
        interval: { about: 'How often to scrape.', default: '30s', schema: schemas.matching('^[0-9]+(ms|s|m|h)$') },
        labels: {
          about: 'Labels by which a Prometheus selects it, such as release: prometheus.',
          default: {},
          schema: schemas.stringMap,
        },
      },
    },
  },
};

function fenceValues({ name }: OperatorInstall, further: Values): ValueGroup {
  return {
    about: 'What the pods may reach, and who may reach them.',
    values: {
      enabled: {
        about: `Whether a NetworkPolicy is made for the pods: in, to health and metrics; out, to DNS, API servers and what the ${name} asks.`,
        default: false,
        schema: schemas.boolean,
      },
      metricsFrom: {
        about: 'Peers of a NetworkPolicy that may scrape the metrics; empty: everybody.',
        default: [],
        schema: schemas.objects,
      },
      apiServer: {
        about: 'Where the API server is: a NetworkPolicy cannot name it.',
        values: {
          ports: {
            about: 'Its ports: of the Service, and of the server itself.',
            default: [443, 6443],
            schema: schemas.listed(schemas.count(1, 65535)),
          },
          cidrs: {
            about: 'Its addresses, such as 10.96.0.1/32; empty: every address at these ports.',
            default: [],
            schema: schemas.texts,
          },
        },
      },
      ...further,
      extraEgress: {
        about: 'Further egress rules of a NetworkPolicy, such as to a collector of traces.',
        default: [],
        schema: schemas.objects,
      },
    },
  };
}

function podValues({ memory }: OperatorInstall): Values {
  return {
    podSecurity: {
      about:
        'restricted: as user and group 65532, as the Pod Security Standard of that name asks. openshift: the same, but user, group and fsGroup are left to the platform.',
      default: 'restricted',
      schema: schemas.oneOf('restricted', 'openshift'),
    },
    resources: {
      about: `${memory.measured} CPU: settled, the operator takes less than half a percent of a core; there is no limit, as a throttled operator is a slow repair.`,
      default: { requests: { cpu: '50m', memory: memory.request }, limits: { memory: memory.limit } },
      schema: resourcesSchema,
    },
    podAnnotations: { about: 'Annotations of the pods.', default: {}, schema: schemas.stringMap },
    podLabels: { about: 'Further labels of the pods.', default: {}, schema: schemas.stringMap },
    podDisruptionBudget: {
      about: 'Keeps drains of nodes from taking all pods at once.',
      values: {
        enabled: { about: 'Whether there is one.', default: true, schema: schemas.boolean },
        maxUnavailable: {
          about:
            'Pods that may be away at once, as a number or a percentage. It never holds up the drain of a single replica.',
          default: 1,
          schema: { type: ['integer', 'string'], minimum: 1, pattern: '^[1-9][0-9]?%$|^100%$' },
        },
      },
    },
    priorityClassName: { about: 'PriorityClass of the pods.', default: '', schema: schemas.text },
    nodeSelector: { about: 'Labels that nodes must have.', default: {}, schema: schemas.stringMap },
    tolerations: { about: 'Taints that nodes may have.', default: [], schema: schemas.objects },
    affinity: { about: 'Affinity of the pods.', default: {}, schema: schemas.freeObject },
    topologySpreadConstraints: {
      about:
        'How pods are spread, over nodes unless told; without a labelSelector, one for the pods of this release is filled in.',
      default: [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' }],
      schema: schemas.objects,
    },
  };
}

const amounts = { type: 'object', additionalProperties: { type: ['string', 'number'] } } as const;

const resourcesSchema = {
  type: 'object',
  additionalProperties: false,
  properties: { requests: amounts, limits: amounts, claims: schemas.objects },
} as const;

const accountValues: Values = {
  serviceAccount: {
    about: 'The account that the operator runs as.',
    values: {
      create: {
        about: 'Whether it is made; else it exists already under its name.',
        default: true,
        schema: schemas.boolean,
      },
      name: { about: 'Its name; that of what is installed unless told.', default: '', schema: schemas.text },
      annotations: { about: 'Its annotations.', default: {}, schema: schemas.stringMap },
    },
  },
  rbac: {
    about: 'Permissions.',
    values: {
      create: {
        about: 'Whether roles and bindings are made; else somebody else makes them.',
        default: true,
        schema: schemas.boolean,
      },
    },
  },
};

const uninstallValues: ValueGroup = {
  about: 'What helm uninstall does before it deletes anything.',
  values: {
    releaseFinalizers: {
      about:
        'Run a Job that stops the operator and takes its finalizers off custom resources, which stay; without it they can be deleted only while an operator runs.',
      default: true,
      schema: schemas.boolean,
    },
    timeout: {
      about: 'How long it waits for resources that are being deleted, and then for the operator to end.',
      default: '60s',
      schema: schemas.matching('^[0-9]+(s|m)$'),
    },
  },
};
