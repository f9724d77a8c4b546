import type { Deployment } from '@capstan/kube';

/** How an operator that worked on the same kinds before is known. */
export interface FormerOperator {
  /** What it calls itself in messages. */
  readonly title: string;
  /** Whether a Deployment that is not ours looks like it. */
  readonly looksLike: RegExp;
  /** The page that tells how to come from it. */
  readonly advice: string;
  /** What else it does, and would not do any more once it is stopped. */
  readonly alsoDoes?: string;
}

/** The original StreamBus operator: a Lease, and an image of its project. */
export const originalStreamBus: FormerOperator = {
  title: 'the original StreamBus operator',
  looksLike: /(^|\/)streambus\/operator\b|(^|\/)streambus-operator\b/,
  advice: 'docs/streambus.md',
};

/** The existing Druid operator, which works on DruidIngestions among others. */
export const existingDruid: FormerOperator = {
  title: 'the existing Druid operator',
  looksLike: /(^|\/)[a-z0-9-]*druid-operator\b/,
  advice: 'docs/druid.md',
  alsoDoes: 'it looks after Druid clusters too, see kubectl get druids -A',
};

/** The original Prism operator, which works on PrismPatterns. */
export const originalPrism: FormerOperator = {
  title: 'the original Prism operator',
  looksLike: /(^|\/)[a-z0-9-]*prism-operator\b/,
  advice: 'docs/prism-patterns.md',
};

/** Whether a Deployment is an install of one of Capstan's operators: by its labels, or by its image. */
export function isOurs({ metadata, spec }: Deployment, operator: string): boolean {
  const { labels = {} } = metadata;
  const isLabelled = labels['app.kubernetes.io/part-of'] === 'capstan' && labels['app.kubernetes.io/name'] === operator;
  return isLabelled || imagesOf(spec).some((image) => new RegExp(`(^|/)capstan/${operator}(:|@|$)`).test(image));
}

/** Whether a Deployment looks like a former operator: by an image, or by its own name. */
export function looksFormer(deployment: Deployment, { looksLike }: FormerOperator): boolean {
  return [deployment.metadata.name, ...imagesOf(deployment.spec)].some((text) => looksLike.test(text));
}

/** Images of a Deployment's containers. */
export function imagesOf(spec: Deployment['spec']): readonly string[] {
  return (spec?.template.spec?.containers ?? []).flatMap(({ image }) => image ?? []);
}
