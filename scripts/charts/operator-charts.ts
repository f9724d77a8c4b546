import { druidChart } from './druid-chart.ts';
import type { OperatorChart } from './operator-chart.ts';
import { prismChart } from './prism-chart.ts';
import { streamBusChart } from './streambus-chart.ts';

/** The charts of this repository. */
export const operatorCharts: readonly OperatorChart[] = [streamBusChart, druidChart, prismChart];
