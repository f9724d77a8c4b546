import { toYaml } from '@capstan/crd';
import type { PolicyRule } from '@capstan/kube';
import {
  leaseElectionRules,
  metricsReaderRules,
  namespacedRulesOf,
  rbacRulesOf,
  rivalRules,
  tokenAuthenticationRules,
  uninstallRules,
  webhookRules,
} from '@capstan/runtime';
import type { OperatorInstall } from '../install-manifests.ts';

/** What templates put the namespace in place of. */
const namespaceToken = '$(namespace)';

/** What templates put the name of the Deployment in place of. */
const deploymentToken = '$(deployment)';

/**
 * The permissions of an operator as files of its chart, by what they are for.
 * @throws {Error} for an operator that the templates of roles have not been made for
 */
export function ruleFiles(install: OperatorInstall): Readonly<Record<string, string>> {
  const { name, controllers, rivals = [] } = install;
  const { inEach, inDefault, cluster } = namespacedRulesOf(...controllers);
  if (inDefault.length > 0) throw new Error(`${name}: no template makes the Role in default that ${name} needs`);
  const uninstall = uninstallRules(install, deploymentToken);
  const rules: Readonly<Record<string, readonly PolicyRule[]>> = {
    everywhere: rbacRulesOf(...controllers),
    'each-namespace': inEach.map(ownNamespaceOnly),
    cluster,
    rivals: rivalRules(rivals),
    lease: leaseElectionRules(name),
    'metrics-auth': tokenAuthenticationRules,
    'metrics-reader': metricsReaderRules,
    'uninstall-work': uninstall.work,
    'uninstall-cluster': uninstall.cluster,
    'uninstall-own': uninstall.own,
    ...rulesOfWebhooks(install),
  };
  return Object.fromEntries(Object.entries(rules).map(([file, each]) => [`files/rules/${file}.yaml`, toYaml(each)]));
}

function rulesOfWebhooks({ name, webhooks = [] }: OperatorInstall): Readonly<Record<string, readonly PolicyRule[]>> {
  if (webhooks.length === 0) return {};
  // Their configurations belong to the ClusterRole of the operator, whose name in a chart is that of a release.
  if (webhooks.some(({ role }) => role !== 'convert'))
    throw new Error(
      `${name}: no template tells the operator the ClusterRole that its webhook configurations belong to`,
    );
  const { cluster, own } = webhookRules(name, webhooks);
  return { 'webhook-cluster': cluster, 'webhook-own': own };
}

/** In the Role of a namespace, the namespace that may be looked at is that one. */
function ownNamespaceOnly(rule: PolicyRule): PolicyRule {
  const isOfNamespaces = rule.apiGroups?.[0] === '' && rule.resources?.[0] === 'namespaces';
  return isOfNamespaces && rule.resources?.length === 1 ? { ...rule, resourceNames: [namespaceToken] } : rule;
}
