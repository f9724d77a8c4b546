import type * as grafana from '@grafana/grafana-foundation-sdk/dashboard';
import type * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as stateTimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as text from '@grafana/grafana-foundation-sdk/text';
import type * as timeSeries from '@grafana/grafana-foundation-sdk/timeseries';
import { expectTypeOf, it } from 'vitest';
import type {
  DataSourceVariable,
  GrafanaDashboard,
  Panel,
  Placed,
  QueryVariable,
  StateTimelinePanel,
  StatPanel,
  Target,
  TextPanel,
  TimeSeriesPanel,
} from '../../../operators/streambus/scripts/dashboards/grafana-dashboard.ts';

/** A type of Grafana as its JSON is read: read-only, the values of enumerations as texts and numbers, no methods. */
type Json<T> = T extends string
  ? string extends T
    ? string
    : `${T}`
  : T extends number
    ? `${T}` extends `${infer Value extends number}`
      ? Value
      : never
    : T extends readonly (infer Item)[]
      ? readonly Json<Item>[]
      : T extends object
        ? { readonly [Key in keyof T as Key extends `_implements${string}` ? never : Key]: Json<T[Key]> }
        : T;

/** The fields of ours that Grafana does not have. */
type Unknown<Ours, Grafanas> = Exclude<keyof Ours, keyof Grafanas>;

type CustomOf<P extends { readonly fieldConfig: { readonly defaults: { readonly custom: unknown } } }> =
  P['fieldConfig']['defaults']['custom'];

// What is checked here is checked by the compiler.
it('what dashboards are made of is what the types of Grafana accept', () => {
  expectTypeOf<GrafanaDashboard>().toExtend<Json<grafana.Dashboard>>();
  expectTypeOf<Placed<Panel>>().toExtend<Json<grafana.Panel>>();
  expectTypeOf<QueryVariable | DataSourceVariable>().toExtend<Json<grafana.VariableModel>>();
  expectTypeOf<Target>().toExtend<Json<prometheus.Dataquery>>();
  expectTypeOf<StatPanel['options']>().toExtend<Json<stat.Options>>();
  expectTypeOf<TimeSeriesPanel['options']>().toExtend<Json<timeSeries.Options>>();
  expectTypeOf<CustomOf<TimeSeriesPanel>>().toExtend<Json<timeSeries.FieldConfig>>();
  expectTypeOf<StateTimelinePanel['options']>().toExtend<Json<stateTimeline.Options>>();
  expectTypeOf<CustomOf<StateTimelinePanel>>().toExtend<Json<stateTimeline.FieldConfig>>();
  expectTypeOf<TextPanel['options']>().toExtend<Json<text.Options>>();
});

it('what dashboards are made of has no field that the types of Grafana do not know', () => {
  expectTypeOf<Unknown<GrafanaDashboard, grafana.Dashboard>>().toBeNever();
  expectTypeOf<Unknown<Placed<StatPanel | TimeSeriesPanel | StateTimelinePanel>, grafana.Panel>>().toBeNever();
  expectTypeOf<Unknown<TimeSeriesPanel['fieldConfig']['defaults'], grafana.FieldConfig>>().toBeNever();
  expectTypeOf<Unknown<QueryVariable, grafana.VariableModel>>().toBeNever();
  expectTypeOf<Unknown<DataSourceVariable, grafana.VariableModel>>().toBeNever();
  expectTypeOf<Unknown<Target, prometheus.Dataquery>>().toBeNever();
  expectTypeOf<Unknown<StatPanel['options'], stat.Options>>().toBeNever();
  expectTypeOf<Unknown<TimeSeriesPanel['options'], timeSeries.Options>>().toBeNever();
  expectTypeOf<Unknown<CustomOf<TimeSeriesPanel>, timeSeries.FieldConfig>>().toBeNever();
  expectTypeOf<Unknown<StateTimelinePanel['options'], stateTimeline.Options>>().toBeNever();
  expectTypeOf<Unknown<CustomOf<StateTimelinePanel>, stateTimeline.FieldConfig>>().toBeNever();
  expectTypeOf<Unknown<TextPanel['options'], text.Options>>().toBeNever();
});
