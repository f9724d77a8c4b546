import { styleText } from 'node:util';
import { apiVersionOf, type KubeClient, type KubeObject } from '@capstan/kube';
import { PrismCluster, prismClusters } from '@capstan/prism-operator';
import { asApplied, preview } from '@capstan/runtime';
import { resourceLines, summaryText } from '../../plan/plan-text.ts';
import { exitCodeOf, type PlannedResource, summaryOf } from '../../plan/planned-resource.ts';
import { withoutCredentials } from './without-credentials.ts';

/**
 * Prints what the operator would do if the cluster were applied, and changes nothing.
 * @returns whether the API server and the operator would take it
 */
export async function printPlan(client: KubeClient, cluster: KubeObject): Promise<boolean> {
  const planned = withoutCredentials(await planOf(client, cluster));
  const options = { paint: paintForStdout, isBrief: false };
  console.log([...resourceLines(planned, options), ''].join('\n'));
  const summary = summaryOf([planned]);
  console.log(summaryText(summary));
  console.log(summary.restarts + summary.stops === 0 ? 'No pod would restart.' : 'PODS WOULD RESTART, see above.');
  return exitCodeOf(summary) !== 1;
}

async function planOf(client: KubeClient, cluster: KubeObject): Promise<PlannedResource> {
  const { namespace, name } = cluster.metadata;
  const subject = {
    resource: { apiVersion: apiVersionOf(PrismCluster), kind: 'PrismCluster', name, ...(namespace && { namespace }) },
  };
  const applied = await asApplied(PrismCluster, cluster, client);
  if ('violations' in applied) return { ...subject, verdict: 'Invalid', violations: applied.violations };
  const found = await preview(prismClusters, applied.resource, { client });
  const notes = [...applied.notes, ...found.notes];
  const edit = applied.live === undefined ? 'create' : 'change';
  return { ...subject, verdict: 'Planned', edit, editedFields: [], preview: { ...found, notes } };
}

/** Colour where a person looks at a terminal that shows it; NO_COLOR and FORCE_COLOR are respected. */
function paintForStdout(colour: Parameters<typeof styleText>[0], text: string): string {
  return styleText(colour, text, { stream: process.stdout });
}
