import type { Section } from './dashboard.ts';
import { timeSeries } from './panel.ts';

/** The operator, of all clusters together. */
export const operatorSection: Section = {
  title: 'Operator (all clusters)',
  panels: [
    timeSeries({
      title: 'Reconciliations',
      description:
        'Those that failed or were refused are errors: the log and the conditions of the clusters say which.',
      queries: [
        { expr: 'sum(rate(prism_operator_reconcile_success_total[$__rate_interval]))', legend: 'success' },
        { expr: 'sum(rate(prism_operator_reconcile_errors_total[$__rate_interval]))', legend: 'error' },
      ],
      unit: 'ops',
    }),
    timeSeries({
      title: 'Duration of reconciliations',
      description: 'Long ones wait for the API server, or for members of prism-admin that do not answer.',
      queries: [
        {
          expr: 'histogram_quantile(0.99, sum by (le) (rate(prism_operator_reconcile_duration_seconds_bucket[$__rate_interval])))',
          legend: '99 %',
        },
      ],
      unit: 's',
      noValue: 'Nothing was reconciled',
    }),
    timeSeries({
      title: 'Objects written',
      description: 'By kind. A rate that stays high while nobody edits anything: somebody changes them back and forth.',
      queries: ['created', 'updated', 'deleted'].map((deed) => ({
        expr: `sum by (resource_type) (rate(prism_operator_resource_${deed}_total[$__rate_interval])) > 0`,
        legend: `{{resource_type}} ${deed}`,
      })),
      unit: 'ops',
      noValue: 'None',
    }),
  ],
};
