import type { DescribedComponent } from './component.ts';
import { differs, type Finding } from './finding.ts';

/** The ports that profile memo035 has components serve on; runners serve on none. */
const usual = { admin: 8080, proxy: 50_051 } as const;

export interface PortAnswer {
  /** Absent where it is the usual one, or none. */
  readonly port?: number;
  readonly findings: readonly Finding[];
}

/** The port that a component serves on. */
export function portOf(part: 'admin' | 'proxy' | 'pattern', described: DescribedComponent): PortAnswer {
  const { container, service, workload } = described;
  const wanted = part === 'pattern' ? undefined : usual[part];
  const ports = container.ports ?? [];
  const numbers = ports.map(({ containerPort }) => containerPort);
  const port = wanted !== undefined && numbers.includes(wanted) ? wanted : numbers[0];
  const isSaid = port !== undefined && port !== wanted && (wanted !== undefined || service !== undefined);
  const served = (service?.spec?.ports ?? []).map((each) => each.port);
  return {
    ...(isSaid && { port }),
    findings: [
      ...(isSaid && wanted !== undefined ? [differs(workload, `it serves on ${port} in place of ${wanted}`)] : []),
      ...(wanted !== undefined && service === undefined
        ? [differs(workload, `no Service leads to it: one of its name would be made, with port ${wanted}`)]
        : []),
      ...(wanted !== undefined && service !== undefined && !served.includes(wanted)
        ? [differs(service, `it has ${served.join(', ')} and not ${wanted}: see in the plan what becomes of it`)]
        : []),
    ],
  };
}
