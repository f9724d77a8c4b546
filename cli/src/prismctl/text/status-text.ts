import type { ClusterReport } from '../report/cluster-report.ts';
import { clusterTree } from './cluster-tree.ts';
import type { Line, News } from './line.ts';
import { oneLine } from './one-line.ts';
import { treeLines, treeNews } from './tree-lines.ts';

/** `prismctl kubernetes status` for people. */
export function statusLines(report: ClusterReport, now: number): readonly Line[] {
  return [
    titleLine(report),
    ...holdUpLines(report),
    { text: '' },
    ...treeLines(clusterTree(report), now),
    ...notShownLines(report),
  ];
}

/** What is new in it, for an output that nobody can redraw. */
export function statusNews(report: ClusterReport): readonly News[] {
  const holdUps = report.holdUps.map(oneLine).join(' ');
  const held = { about: 'hold-ups', text: holdUps === '' ? 'held back by nothing' : `held back by ${holdUps}` };
  return [...treeNews(clusterTree(report)), held];
}

function titleLine({ namespace, name, phase, ready, message }: ClusterReport): Line {
  const mood = ready ? 'good' : phase === 'Failed' ? 'bad' : 'busy';
  const said = ready && message !== null ? `: ${oneLine(message)}` : '';
  return { text: `PrismCluster ${namespace}/${name} is ${ready ? 'Ready' : 'not Ready'}${said}`, mood };
}

function holdUpLines({ holdUps }: ClusterReport): readonly Line[] {
  return holdUps.map((text) => ({ text: `  ${oneLine(text)}`, mood: 'busy' }));
}

function notShownLines({ notShown, namespace }: ClusterReport): readonly Line[] {
  if (notShown.length === 0) return [];
  return [{ text: `not shown: ${notShown.join(', ')}: you may not list them in namespace ${namespace}`, mood: 'busy' }];
}
