export { configHash, secretHash } from './config-hash.ts';
export type { ConfigMapOptions } from './config-map.ts';
export { configMap } from './config-map.ts';
export type { CronJobOptions } from './cron-job.ts';
export { cronJob } from './cron-job.ts';
export type { DaemonSetOptions } from './daemon-set.ts';
export { daemonSet } from './daemon-set.ts';
export type { DeploymentOptions } from './deployment.ts';
export { deployment } from './deployment.ts';
export type { HorizontalPodAutoscalerOptions } from './horizontal-pod-autoscaler.ts';
export { horizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts';
export type { IngressOptions, IngressPath } from './ingress.ts';
export { ingress } from './ingress.ts';
export { InvalidChildError } from './invalid-child-error.ts';
export type { JobOptions } from './job.ts';
export { job } from './job.ts';
export type { ChildMetadata, Labels } from './metadata.ts';
export type { NetworkPolicyOptions } from './network-policy.ts';
export { networkPolicy } from './network-policy.ts';
export type { ClaimTemplateOptions, PersistentVolumeClaimOptions } from './persistent-volume-claim.ts';
export { claimTemplate, persistentVolumeClaim } from './persistent-volume-claim.ts';
export type { PodDisruptionBudgetOptions } from './pod-disruption-budget.ts';
export { podDisruptionBudget } from './pod-disruption-budget.ts';
export type { PodIdentity } from './pod-security.ts';
export { restrictedContainer, restrictedPod } from './pod-security.ts';
export { podSecurityViolations } from './pod-security-violations.ts';
export type { PodOptions, PodTemplateOwner } from './pod-template.ts';
export { podTemplate } from './pod-template.ts';
export type { ResourceQuotaOptions } from './resource-quota.ts';
export { resourceQuota } from './resource-quota.ts';
export type { NonEmpty, RoleRule, Verb } from './role.ts';
export { role } from './role.ts';
export type { RoleBindingOptions } from './role-binding.ts';
export { roleBinding } from './role-binding.ts';
export type { SecretOptions } from './secret.ts';
export { secret } from './secret.ts';
export type { HeadlessServiceOptions } from './service.ts';
export { headlessService, service } from './service.ts';
export type { ServiceAccountOptions } from './service-account.ts';
export { serviceAccount } from './service-account.ts';
export type { StatefulSetOptions } from './stateful-set.ts';
export { statefulSet } from './stateful-set.ts';
export { Certificate, type CertificateOptions, certificate } from './third-party/certificate.ts';
export { DNSEndpoint, type DnsRecords, dnsEndpoint } from './third-party/dns-endpoint.ts';
export { GRPCRoute, type GrpcRouteOptions, type GrpcRouteRule, grpcRoute } from './third-party/grpc-route.ts';
export {
  HTTPRoute,
  type HttpRouteMatch,
  type HttpRouteOptions,
  type HttpRouteRule,
  httpRoute,
} from './third-party/http-route.ts';
export { Issuer, type IssuerSpec, issuer } from './third-party/issuer.ts';
export { PodMonitor, type PodMonitorOptions, podMonitor } from './third-party/pod-monitor.ts';
export {
  PrometheusRule,
  type PrometheusRuleEntry,
  type PrometheusRuleGroup,
  prometheusRule,
} from './third-party/prometheus-rule.ts';
export type {
  BackendReference,
  HeaderMatch,
  ParentReference,
  RouteFilter,
  RouteStatus,
} from './third-party/route.ts';
export {
  ScaledObject,
  type ScaledObjectOptions,
  type ScaleTrigger,
  scaledObject,
} from './third-party/scaled-object.ts';
export type { NamespaceSelector, Relabeling, ScrapeEndpoint, ScrapeTls } from './third-party/scrape-endpoint.ts';
export { ServiceMonitor, type ServiceMonitorOptions, serviceMonitor } from './third-party/service-monitor.ts';
export { TCPRoute, type TcpRouteOptions, tcpRoute } from './third-party/tcp-route.ts';
export {
  TriggerAuthentication,
  type TriggerAuthenticationSpec,
  triggerAuthentication,
} from './third-party/trigger-authentication.ts';
