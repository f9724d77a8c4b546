import { describeAdmin } from './admin.ts';
import { describeAutoscaler } from './autoscaler.ts';
import { backendsUsedBy, describeBackends } from './backends.ts';
import { type ComponentContext, type DescribedComponent, describeComponent } from './component.ts';
import type { Finding } from './finding.ts';
import { describeIngress } from './ingress.ts';
import { describePattern } from './pattern.ts';
import { portOf } from './ports.ts';
import type { Recognised } from './recognise.ts';
import { componentOf } from './roles.ts';

/** Everything that a cluster says of what was recognised. */
export type DescribedParts = ReturnType<typeof describeParts>;

/** Describes each part of a cluster, and what there is to say of it. */
export function describeParts(recognised: Recognised, context: ComponentContext) {
  const findings: Finding[] = [];
  const noted = <T extends { readonly findings: readonly Finding[] }>(answer: T): T => {
    findings.push(...answer.findings);
    return answer;
  };
  const describe = (component: string, workload: Recognised['admin']) =>
    workload && noted(describeComponent(component, workload, context)).described;
  const admin = describe('prism-admin', recognised.admin);
  const proxy = describe('prism-proxy', recognised.proxy);
  const runners = recognised.patterns.flatMap(({ role, workload }) => {
    const described = describe(componentOf(role), workload);
    return described === undefined ? [] : [{ name: role.name, described }];
  });
  const clients = runners.map(({ name: pattern, described: { workload, container } }) => ({
    ...{ pattern, workload, container },
  }));
  const { backends } = noted(describeBackends(clients, recognised, context.live));
  const kinds = backends.map(({ kind }) => kind);
  return {
    ...{ findings, backends },
    components: [admin, proxy, ...runners.map(({ described }) => described)].filter((each) => each !== undefined),
    admin: admin && noted(describeAdmin(admin)).admin,
    proxy: proxy && { ...portIn(noted(portOf('proxy', proxy))), replicas: proxy.replicas, ...proxy.fields },
    edge: describeEdge(proxy, context, noted),
    patterns: runners.map(({ name, described }) => {
      const used = backendsUsedBy(described.container).filter((kind) => kinds.includes(kind));
      return noted(describePattern(name, described, used)).pattern;
    }),
  };
}

function portIn({ port }: { readonly port?: number }) {
  return port === undefined ? {} : { port };
}

type Noting = <T extends { readonly findings: readonly Finding[] }>(answer: T) => T;

/** What stands before prism-proxy. */
function describeEdge(proxy: DescribedComponent | undefined, { live, guard }: ComponentContext, noted: Noting) {
  const { autoscaler, autoscaling } = proxy === undefined ? {} : noted(describeAutoscaler(proxy, live));
  const { ingress, said } = proxy?.service === undefined ? {} : noted(describeIngress(proxy.service, live, guard));
  return {
    objects: { ...(autoscaler && { autoscaler }), ...(ingress && { ingress }) },
    ...{ autoscaling, said },
  };
}
