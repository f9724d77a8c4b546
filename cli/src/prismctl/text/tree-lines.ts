import { formatTable } from '../../terminal/table.ts';
import { ageText } from './age.ts';
import type { TreeNode } from './cluster-tree.ts';
import type { Line, News } from './line.ts';
import { oneLine } from './one-line.ts';

const header = ['NAME', 'READY', 'STATE', 'RESTARTS', 'AGE', 'WHY'];

interface Row {
  readonly node: TreeNode;
  /** The branch that leads to it, such as `│  └─ `. */
  readonly branch: string;
  /** The labels above it and its own. */
  readonly path: readonly string[];
}

/** A tree as a table whose first column has its branches. */
export function treeLines(root: TreeNode, now: number): readonly Line[] {
  const rows = rowsOf(root);
  const table = formatTable(
    header,
    rows.map(({ node, branch }) => [
      `${branch}${node.label}`,
      node.ready ?? '',
      node.state ?? '',
      node.restarts === undefined ? '' : String(node.restarts),
      ageText(node.createdAt ?? null, now),
      oneLine(node.why ?? ''),
    ]),
  );
  const [head = '', ...texts] = table.split('\n');
  return [{ text: head }, ...texts.map((text, index) => ({ text, mood: rows[index]?.node.mood ?? 'good' }))];
}

/** What each thing of a tree is now. */
export function treeNews(root: TreeNode): readonly News[] {
  return rowsOf(root).map(({ node, path }) => ({
    about: path.join(' > '),
    text: [
      node.label,
      ...(node.ready === undefined ? [] : [node.ready]),
      ...(node.state === undefined ? [] : [node.state]),
      ...(node.restarts === undefined || node.restarts === 0 ? [] : [`restarts ${node.restarts}`]),
      ...(node.why === undefined || node.why === null ? [] : [oneLine(node.why)]),
    ].join('  '),
  }));
}

function rowsOf(root: TreeNode): readonly Row[] {
  const below = (node: TreeNode, indent: string, path: readonly string[]): readonly Row[] =>
    node.children.flatMap((child, index) => {
      const isLast = index === node.children.length - 1;
      const row = { node: child, branch: `${indent}${isLast ? '└─ ' : '├─ '}`, path: [...path, child.label] };
      return [row, ...below(child, `${indent}${isLast ? '   ' : '│  '}`, row.path)];
    });
  return [{ node: root, branch: '', path: [root.label] }, ...below(root, '', [root.label])];
}
