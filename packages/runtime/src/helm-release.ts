import type { KubeObject } from '@capstan/kube';

/** Has the name of the release on every object of a chart (https://helm.sh/docs/chart_best_practices/labels). */
export const helmReleaseAnnotation = 'meta.helm.sh/release-name';

/** The Helm release that an object belongs to; `undefined` where it belongs to none. */
export function helmReleaseOf({ metadata: { annotations } }: Pick<KubeObject, 'metadata'>): string | undefined {
  return annotations?.[helmReleaseAnnotation];
}
