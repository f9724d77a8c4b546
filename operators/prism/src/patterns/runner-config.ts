import type { JsonObject } from '@capstan/crd';
import type { PrismPattern } from '../api/v1alpha1/prism-cluster.ts';
import type { RunnerConfiguration } from '../profiles/component-profile.ts';
import { layouts } from './layouts.ts';
import { mergePatch } from './merge-patch.ts';
import type { UsedConnections } from './used-connections.ts';
import { yamlText } from './yaml-text.ts';

/** A file that a runner reads at its start. It holds credentials, so it goes into a Secret. */
export interface RunnerFile {
  readonly file: RunnerConfiguration['file'];
  readonly text: string;
}

/**
 * The configuration file of a pattern. What the resource says in `config` is merged over it, into the entry of the runner:
 * `{behavior: {topic: orders}}` whether or not that runner keeps its entries in a list.
 */
export function runnerConfig(
  { layout, file }: RunnerConfiguration,
  pattern: PrismPattern,
  used: UsedConnections,
): RunnerFile {
  const { entry, isNamespace } = layouts[layout];
  const whole = mergePatch(entry(pattern, used), pattern.config ?? {});
  return { file, text: textOf(file, isNamespace ? { namespaces: [whole] } : whole) };
}

function textOf(file: RunnerConfiguration['file'], content: JsonObject): string {
  return file === 'config.json' ? `${JSON.stringify(content, null, 2)}\n` : yamlText(content);
}
