import runtimePackage from '../../../package.json' with { type: 'json' };
import type { MetricSet } from './meter.ts';

/** Who runs here, for the label of the build. */
export interface BuildInfo {
  readonly name: string;
  readonly version: string;
}

/** `capstan_build_info`: always 1; its labels say what runs. */
export function buildMetrics({ name, version }: BuildInfo): MetricSet {
  return ({ prometheus: { Gauge }, registry }) => {
    const labels = { operator: name, version, runtime: runtimePackage.version, node: process.versions.node };
    const gauge = new Gauge({
      name: 'capstan_build_info',
      help: 'Always 1; the labels say which operator, runtime and Node run',
      labelNames: ['operator', 'version', 'runtime', 'node'],
      registers: [registry],
    });
    gauge.set(labels, 1);
    return undefined;
  };
}

/** `leader_election_master_status`, as client-go has it: whether this process leads. */
export function leaderMetrics(lease: string): MetricSet {
  return ({ prometheus: { Gauge }, registry, context }) => {
    new Gauge({
      name: 'leader_election_master_status',
      help: 'Gauge of if the reporting system is master of the relevant lease, 0 indicates backup, 1 indicates master',
      labelNames: ['name'],
      registers: [registry],
      collect() {
        this.set({ name: lease }, context.fence.isHeld ? 1 : 0);
      },
    });
    return undefined;
  };
}
