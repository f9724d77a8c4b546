import { leaseElectionRules, rbacRulesOf, rivalRules, webhookRules } from '@capstan/runtime';
import type { OperatorInstall } from '../../install-manifests.ts';
import { deploymentManifest } from '../../install-manifests.ts';
import { icon } from './icon.ts';
import { ownedKinds } from './owned-kinds.ts';
import { presentationOf } from './presentations.ts';
import { sampleOf } from './sample-of.ts';

/**
 * The ClusterServiceVersion of an operator: what the Operator Lifecycle Manager installs, and what catalogs show of it.
 * @param version of the operator, such as `0.2.0`
 * @see https://olm.operatorframework.io/docs/concepts/crds/clusterserviceversion/
 */
export function clusterServiceVersion(operator: OperatorInstall, version: string): object {
  const { name, crds } = operator;
  const { title, samples, description, summary, category, capabilities, keywords, colour } = presentationOf(name);
  const deployment = deploymentManifest(operator);
  const image = deployment.spec?.template?.spec?.containers?.[0]?.image ?? '';
  return {
    apiVersion: 'operators.coreos.com/v1alpha1',
    kind: 'ClusterServiceVersion',
    metadata: {
      name: `${name}.v${version}`,
      annotations: {
        'alm-examples': JSON.stringify(
          crds.map((crd) => sampleOf(crd, samples)),
          null,
          2,
        ),
        capabilities,
        categories: category,
        containerImage: image,
        description: summary,
        'olm.skipRange': `<${version}`,
        'operatorframework.io/suggested-namespace': operator.namespace,
        ...features,
      },
    },
    spec: {
      displayName: title,
      description,
      version,
      maturity: 'alpha',
      minKubeVersion: '1.30.0',
      keywords,
      provider: { name: 'The Capstan authors' },
      icon: [{ base64data: icon(colour), mediatype: 'image/svg+xml' }],
      installModes: [
        { type: 'OwnNamespace', supported: false },
        { type: 'SingleNamespace', supported: false },
        { type: 'MultiNamespace', supported: false },
        { type: 'AllNamespaces', supported: true },
      ],
      install: { strategy: 'deployment', spec: installation(operator) },
      customresourcedefinitions: { owned: ownedKinds(operator) },
      relatedImages: [{ name, image }],
    },
  };
}

const isNot = 'false';

/** What catalogs of OpenShift ask of every operator. */
const features = {
  'features.operators.openshift.io/disconnected': 'true',
  'features.operators.openshift.io/fips-compliant': isNot,
  'features.operators.openshift.io/proxy-aware': isNot,
  'features.operators.openshift.io/tls-profiles': isNot,
  'features.operators.openshift.io/token-auth-aws': isNot,
  'features.operators.openshift.io/token-auth-azure': isNot,
  'features.operators.openshift.io/token-auth-gcp': isNot,
};

/** The Deployment, the account it runs as, and what that account may do: everywhere, and beside itself. */
function installation(operator: OperatorInstall): object {
  const { name, controllers, webhooks = [], rivals = [] } = operator;
  const deployment = deploymentManifest(operator);
  const { cluster, own } = webhookRules(name, webhooks);
  return {
    clusterPermissions: [
      { serviceAccountName: name, rules: [...rbacRulesOf(...controllers), ...cluster, ...rivalRules(rivals)] },
    ],
    permissions: [{ serviceAccountName: name, rules: [...leaseElectionRules(name), ...own] }],
    deployments: [{ name, label: deployment.metadata.labels, spec: withoutUsers(deployment.spec) }],
  };
}

/** Users and groups are those that the platform gives: OpenShift refuses others, and elsewhere the image names its own. */
function withoutUsers(spec: ReturnType<typeof deploymentManifest>['spec']): object {
  const pod = spec?.template?.spec;
  const {
    runAsUser: _user,
    runAsGroup: _group,
    fsGroup: _files,
    fsGroupChangePolicy: _change,
    ...kept
  } = {
    ...pod?.securityContext,
  };
  return { ...spec, template: { ...spec?.template, spec: { ...pod, securityContext: kept } } };
}
