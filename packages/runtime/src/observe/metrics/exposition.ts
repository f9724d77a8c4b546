/** The two ways to write metrics, by their media types. https://prometheus.io/docs/instrumenting/content_negotiation/ */
export const textType = 'text/plain; version=0.0.4; charset=utf-8';
export const openMetricsType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Whether the asker would rather have OpenMetrics, as Prometheus does. */
export function wantsOpenMetrics(accept: string | undefined): boolean {
  const [open, plain] = [weightOf('application/openmetrics-text', accept), weightOf('text/plain', accept)];
  return open > 0 && open >= plain;
}

function weightOf(type: string, accept = ''): number {
  const range = accept.split(',').find((each) => each.trim().toLowerCase().startsWith(type));
  if (range === undefined) return 0;
  const quality = /;\s*q=([\d.]+)/.exec(range)?.[1];
  return quality === undefined ? 1 : Number(quality);
}

/**
 * Metrics in the text format rewritten as OpenMetrics: the family of a counter goes without `_total`, and there is an end.
 * prom-client can write it, but renames its counters for good when it does.
 * https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function asOpenMetrics(text: string): string {
  const counters = new Set([...text.matchAll(/^# TYPE (\S+)_total counter$/gm)].map(([, family]) => family));
  const lines = text.split('\n').filter((line) => line !== '');
  const renamed = lines.map((line) =>
    line.replace(/^# (HELP|TYPE) (\S+)_total(?= |$)/, (whole, word, family) =>
      counters.has(family) ? `# ${word} ${family}` : whole,
    ),
  );
  return `${[...renamed, '# EOF'].join('\n')}\n`;
}
