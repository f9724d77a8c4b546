import { k8s, listMap, stringEnum, stringMap, Type } from '@capstan/crd';
import { longestName, mostGroups, namePattern } from './limits.ts';

/**
 * `spec.k8sConfigGroup`: how pods run, in Kubernetes' own types and nothing of the application. Any number of nodes may
 * name the same group.
 * Dsoi-Spec, cluster.md: lines 3, 4 and 6 of docs/dsoi.md.
 */
export function k8sConfigGroups() {
  const group = Type.Object({
    name: Type.String({ maxLength: longestName, pattern: namePattern, description: 'Name that nodes refer to.' }),
    image: Type.String({ minLength: 1, maxLength: 512, description: 'Container image.' }),
    imagePullPolicy: Type.Optional(
      stringEnum(['Always', 'IfNotPresent', 'Never'], { description: 'When the image is pulled.' }),
    ),
    imagePullSecrets: Type.Optional(k8s.imagePullSecrets({ maxItems: 16 })),
    serviceAccountName: Type.Optional(
      Type.String({ maxLength: 253, description: 'Service account of the pods; it must exist.' }),
    ),
    resources: Type.Optional(k8s.resourceRequirements({ description: 'Compute resources of each pod.' })),
    env: Type.Optional(k8s.env({ maxItems: 128 })),
    port: Type.Optional(
      Type.Integer({ minimum: 1_024, maximum: 65_535, description: 'Port the application listens on.' }),
    ),
    livenessProbe: Type.Optional(k8s.probe({ description: 'When a container is started anew.' })),
    readinessProbe: Type.Optional(k8s.probe({ description: 'When a pod may serve.' })),
    volumes: Type.Optional(k8s.volumes({ maxItems: 32 })),
    volumeMount: Type.Optional(k8s.volumeMounts({ maxItems: 32 })),
    storageConfig: Type.Optional(storageConfig()),
    nodeSelector: Type.Optional(k8s.nodeSelector()),
    tolerations: Type.Optional(k8s.tolerations({ maxItems: 32 })),
    affinity: Type.Optional(k8s.affinity({ description: 'Where pods are placed.' })),
    podMetadata: Type.Optional(podMetadata()),
    service: Type.Optional(service()),
  });
  return listMap(group, ['name'], {
    minItems: 1,
    maxItems: mostGroups,
    description: 'How pods run, by name: settings of Kubernetes only.',
  });
}

/** Volumes of a pod's own: a claim per pod. */
function storageConfig() {
  const volume = Type.Object({
    name: Type.String({ maxLength: longestName, pattern: namePattern, description: 'Name of the volume.' }),
    mountPath: Type.String({ minLength: 1, maxLength: 512, pattern: '^/', description: 'Where it is mounted.' }),
    spec: k8s.persistentVolumeClaimSpec({ description: 'The claim, made once per pod.' }),
  });
  return listMap(volume, ['name'], { maxItems: 16, description: 'Volumes that each pod has of its own.' });
}

function podMetadata() {
  return Type.Object(
    {
      annotations: Type.Optional(stringMap({ maxProperties: 64, description: 'Annotations of the pods.' })),
      labels: Type.Optional(stringMap({ maxProperties: 64, description: 'Labels of the pods.' })),
    },
    { description: 'Labels and annotations of the pods; those of the operator are never replaced.' },
  );
}

function service() {
  return Type.Object(
    {
      type: Type.Optional(
        stringEnum(['ClusterIP', 'NodePort', 'LoadBalancer'], {
          description: 'Type of the Service; ClusterIP unless told.',
        }),
      ),
      ports: k8s.servicePorts({ minItems: 1, maxItems: 32 }),
    },
    { description: 'A Service in front of the pods of each node that names the group.' },
  );
}
