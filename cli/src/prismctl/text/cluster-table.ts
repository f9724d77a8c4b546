import { formatTable } from '../../terminal/table.ts';
import type { ClusterSummary } from '../report/cluster-summary.ts';
import { ageText } from './age.ts';
import type { Line, News } from './line.ts';
import { oneLine } from './one-line.ts';

const header = ['NAMESPACE', 'NAME', 'PHASE', 'ADMIN', 'PROXY', 'PATTERNS', 'BACKENDS', 'AGE', 'WHY'];

/** `prismctl kubernetes get` for people. */
export function clusterTable(clusters: readonly ClusterSummary[], now: number): readonly Line[] {
  const rows = clusters.map((cluster) => {
    const { namespace, name, createdAt } = cluster;
    return [...[namespace, name], ...figuresOf(cluster), ageText(createdAt, now), whyOf(cluster)];
  });
  const [head = '', ...texts] = formatTable(header, rows).split('\n');
  return [{ text: head }, ...texts.map((text, index) => ({ text, mood: moodOf(clusters[index]) }))];
}

/** What each cluster is now. */
export function clusterNews(clusters: readonly ClusterSummary[]): readonly News[] {
  return clusters.map((cluster) => ({
    about: `${cluster.namespace}/${cluster.name}`,
    text: [`${cluster.namespace}/${cluster.name}`, ...figuresOf(cluster), whyOf(cluster)].join('  ').trimEnd(),
  }));
}

function figuresOf({ phase, admin, proxy, patterns, backends }: ClusterSummary): readonly string[] {
  return [phase, admin, proxy, patterns, backends].map((text) => text ?? '-');
}

function whyOf({ ready, reason, message }: ClusterSummary): string {
  if (ready) return '';
  return reason === null ? 'the operator has not looked at it yet' : oneLine(`${reason}: ${message ?? ''}`);
}

function moodOf(cluster: ClusterSummary | undefined): NonNullable<Line['mood']> {
  if (cluster?.phase === 'Failed') return 'bad';
  return cluster?.ready === true ? 'good' : 'busy';
}
