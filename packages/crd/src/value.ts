import type { TArray, TBoolean, TEnum, TInteger, TLiteral, TNumber, TObject, TSchema, TString, TUnion } from 'typebox';

/** How a value is looked at: `read` after the API server has filled in defaults, `write` as a user may leave them out. */
export type ValueMode = 'read' | 'write';

/** Marks a schema whose field is present in every stored object, because it has a default. */
export interface Defaulted {
  readonly '~default': true;
}

/** Marks a field that may be left out. */
interface MaybeAbsent {
  readonly '~optional': true;
}

/** Marks a schema that accepts `null` as well. */
export interface Nullable {
  readonly '~nullable': true;
}

/** A map from any string to values of one schema. */
export interface TMap<Value extends TSchema> extends TSchema {
  readonly '~kind': 'Map';
  readonly additionalProperties: Value;
}

type Flat<T> = { [K in keyof T]: T[K] } & {};

type AbsentKeys<Properties, Mode extends ValueMode> = {
  [K in keyof Properties]: Properties[K] extends Defaulted
    ? Mode extends 'write'
      ? K
      : never
    : Properties[K] extends MaybeAbsent
      ? K
      : never;
}[keyof Properties];

type ObjectValue<Properties, Mode extends ValueMode> = Flat<
  { readonly [K in Exclude<keyof Properties, AbsentKeys<Properties, Mode>>]: ValueOf<Properties[K], Mode> } & {
    readonly [K in AbsentKeys<Properties, Mode>]?: ValueOf<Properties[K], Mode>;
  }
>;

type PlainValue<Schema, Mode extends ValueMode> = Schema extends { readonly '~unsafe': infer Value }
  ? Value
  : Schema extends TMap<infer Value>
    ? Readonly<Record<string, ValueOf<Value, Mode>>>
    : Schema extends TObject<infer Properties>
      ? ObjectValue<Properties, Mode>
      : Schema extends TArray<infer Item>
        ? readonly ValueOf<Item, Mode>[]
        : Schema extends TEnum<infer Values>
          ? Values[number]
          : Schema extends TUnion<infer Members>
            ? ValueOf<Members[number], Mode>
            : Schema extends TLiteral<infer Value>
              ? Value
              : Schema extends TString
                ? string
                : Schema extends TInteger | TNumber
                  ? number
                  : Schema extends TBoolean
                    ? boolean
                    : never;

/**
 * The TypeScript type of a schema's values, read-only all the way down.
 * In mode `read` (unless told) a field with a default is present; in mode `write` it may be left out.
 */
export type ValueOf<Schema, Mode extends ValueMode = 'read'> = Schema extends Nullable
  ? PlainValue<Schema, Mode> | null
  : PlainValue<Schema, Mode>;
