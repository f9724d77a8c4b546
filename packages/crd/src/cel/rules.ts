import { Environment, Optional } from '@marcbachmann/cel-js';
import { correlatedItem, unchanged } from '../correlation.ts';
import { isJsonObject, type Json, type JsonSchema, memberSchema, type ValidationRule } from '../json-schema.ts';
import { SchemaError } from '../schema-error.ts';
import { childPath } from '../validation.ts';
import type { Violation } from '../violation.ts';
import { type Expression, parseExpression } from './expression.ts';
import { registerFunctions } from './functions.ts';
import { type CelType, CelTypes, type CelTypesOptions } from './types.ts';

/** The compiled rules of a schema and of everything below it. */
export interface RuleTree {
  readonly rules: readonly CompiledRule[];
  readonly properties: ReadonlyMap<string, RuleTree>;
  readonly items: RuleTree | undefined;
  readonly additionalProperties: RuleTree | undefined;
}

interface CompiledRule {
  readonly source: ValidationRule;
  /** The field path of the rule, relative to where it stands; empty for the value itself. */
  readonly reportedAt: string;
  readonly usesOldSelf: boolean;
  readonly type: CelType;
  readonly evaluate: (context: Record<string, unknown>) => unknown;
  readonly evaluateMessage: ((context: Record<string, unknown>) => unknown) | undefined;
}

/** What the root of every resource has besides its schema. */
const OBJECT_META: JsonSchema = {
  type: 'object',
  properties: { name: { type: 'string' }, generateName: { type: 'string' } },
};

/**
 * Compiles every rule of a custom resource's schema; undefined when it has none.
 * @throws SchemaError for a rule that is wrong, or that cannot be evaluated here as the API server does
 */
export function compileRules(schema: JsonSchema): RuleTree | undefined {
  const properties = {
    ...schema.properties,
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: OBJECT_META,
  } as const;
  return compile({ ...schema, properties }, '', undefined);
}

/** `uncorrelated` is the list or map above whose items cannot be followed over an update. */
function compile(schema: JsonSchema, path: string, uncorrelated: string | undefined): RuleTree | undefined {
  const rules = compileOwn(schema, path, uncorrelated);
  const below = schema['x-kubernetes-map-type'] === 'atomic' ? (uncorrelated ?? path) : uncorrelated;
  const belowItems = schema['x-kubernetes-list-type'] === 'map' ? uncorrelated : (uncorrelated ?? path);
  const properties = new Map<string, RuleTree>();
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const tree = compile(property, path === '' ? name : `${path}.${name}`, below);
    if (tree !== undefined) properties.set(name, tree);
  }
  const items = schema.items === undefined ? undefined : compile(schema.items, `${path}[]`, belowItems);
  const values = schema.additionalProperties;
  const additionalProperties = values === undefined ? undefined : compile(values, `${path}[*]`, uncorrelated);
  const isEmpty =
    rules.length === 0 && properties.size === 0 && items === undefined && additionalProperties === undefined;
  return isEmpty ? undefined : { rules, properties, items, additionalProperties };
}

function compileOwn(schema: JsonSchema, path: string, uncorrelated: string | undefined): readonly CompiledRule[] {
  const sources = schema['x-kubernetes-validations'] ?? [];
  if (sources.length === 0) return [];
  const fields = new Set(sources.flatMap((source) => [...fieldsNamedBy(source, path)]));
  const check = scopeOf(schema, { purpose: 'check', fields });
  const evaluation = scopeOf(schema, { purpose: 'evaluation', fields });
  if (check === undefined || evaluation === undefined) {
    throw new SchemaError(path, 'a value of this kind cannot be seen by rules; put the rule on its parent');
  }
  return sources.map((source) => {
    checkWording(source, path);
    const compiled = compileRule(source, schema, { check, evaluation }, path);
    if (compiled.usesOldSelf && uncorrelated !== undefined) {
      throw new SchemaError(
        path,
        `oldSelf cannot be used here: the items of ${uncorrelated} are not followed over an update; ${source.rule}`,
      );
    }
    if (source.optionalOldSelf !== undefined && !compiled.usesOldSelf) {
      throw new SchemaError(path, `optionalOldSelf may not be set on a rule without oldSelf: ${source.rule}`);
    }
    return compiled;
  });
}

function fieldsNamedBy({ rule, messageExpression }: ValidationRule, path: string): readonly string[] {
  return [rule, messageExpression ?? ''].filter((text) => text !== '').flatMap((text) => [...parse(text, path).fields]);
}

function parse(text: string, path: string): Expression {
  try {
    return parseExpression(text);
  } catch (error) {
    throw refusal(text, path, error);
  }
}

function refusal(text: string, path: string, problem: unknown): SchemaError {
  return new SchemaError(path, `the rule \`${text}\` is refused: ${firstLine(problem)}`);
}

/** An environment in which the value a rule stands at has a type. */
interface Scope {
  readonly environment: Environment;
  readonly type: CelType;
}

interface Scopes {
  readonly check: Scope;
  readonly evaluation: Scope;
}

/** What every rule may call; each scope adds its types to a copy. */
const callable = new Environment({ enableOptionalTypes: true });
registerFunctions(callable);

function scopeOf(schema: JsonSchema, options: CelTypesOptions): Scope | undefined {
  const environment = callable.clone();
  const type = new CelTypes(environment, options).of({ ...schema, nullable: false });
  return type === undefined ? undefined : { environment, type };
}

function compileRule(source: ValidationRule, schema: JsonSchema, scopes: Scopes, path: string): CompiledRule {
  const check = withVariables(scopes.check, source);
  const evaluation = withVariables(scopes.evaluation, source);
  const compiled = (text: string, type: 'bool' | 'string'): CompiledText => {
    return compileText({ text, type, check, evaluation, path });
  };
  const rule = compiled(source.rule, 'bool');
  const { messageExpression } = source;
  const message = messageExpression === undefined ? undefined : compiled(messageExpression, 'string');
  return {
    source,
    reportedAt: reportedFieldPath(source, schema, path),
    type: scopes.evaluation.type,
    usesOldSelf: rule.usesOldSelf,
    evaluate: rule.evaluate,
    evaluateMessage: message?.evaluate,
  };
}

function withVariables({ environment, type }: Scope, source: ValidationRule): Environment {
  const old = source.optionalOldSelf === true ? `optional<${type.name}>` : type.name;
  return environment.clone().registerVariable('self', type.name).registerVariable('oldSelf', old);
}

interface CompiledText {
  readonly usesOldSelf: boolean;
  readonly evaluate: (context: Record<string, unknown>) => unknown;
}

interface RuleText {
  readonly text: string;
  readonly type: 'bool' | 'string';
  readonly check: Environment;
  readonly evaluation: Environment;
  readonly path: string;
}

function compileText({ text, type, check, evaluation, path }: RuleText): CompiledText {
  const { checked, evaluated, usesOldSelf } = parse(text, path);
  for (const [environment, printed] of [
    [check, checked],
    [check, evaluated],
    [evaluation, evaluated],
  ] as const) {
    const result = environment.check(printed);
    if (!result.valid) throw refusal(text, path, result.error);
    if (environment === check && result.type !== type)
      throw refusal(text, path, `it gives ${result.type ?? 'nothing'}, not ${type}`);
  }
  return { usesOldSelf, evaluate: evaluation.parse(evaluated) };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

const REASONS: ReadonlySet<string> = new Set([
  'FieldValueInvalid',
  'FieldValueForbidden',
  'FieldValueRequired',
  'FieldValueDuplicate',
]);

function checkWording({ rule, message, messageExpression, reason }: ValidationRule, path: string): void {
  if (rule.trim() === '') throw new SchemaError(path, 'a rule has no expression');
  if (message !== undefined && (message.trim() === '' || message.includes('\n'))) {
    throw new SchemaError(path, `the message of the rule \`${rule}\` must be one line that is not empty`);
  }
  if (message === undefined && rule.includes('\n'))
    throw new SchemaError(path, `the rule \`${rule}\` has line breaks and so needs a message`);
  if (messageExpression?.trim() === '')
    throw new SchemaError(path, `the messageExpression of the rule \`${rule}\` is empty`);
  if (reason !== undefined && !REASONS.has(reason))
    throw new SchemaError(path, `the reason '${reason}' is none of ${[...REASONS].join(', ')}`);
}

/** The path a rule reports at, relative to where it stands: `.name` for a field, `[name]` for the entry of a map. */
function reportedFieldPath({ rule, fieldPath }: ValidationRule, schema: JsonSchema, path: string): string {
  if (fieldPath === undefined) return '';
  if (!/^(\.[^.[\]']+|\['[^'\\]+'\])+$/.test(fieldPath)) {
    throw new SchemaError(path, `the fieldPath '${fieldPath}' must be made of .field and ['field'] only`);
  }
  let at = schema;
  let relative = '';
  for (const name of fieldPathNames(fieldPath)) {
    const next = memberSchema(at, name);
    if (next === undefined)
      throw new SchemaError(path, `the fieldPath '${fieldPath}' of the rule \`${rule}\` is no field of the schema`);
    relative = childPath(at, relative, name);
    at = next;
  }
  return relative;
}

function fieldPathNames(fieldPath: string): readonly string[] {
  return [...fieldPath.matchAll(/\.([^.[\]']+)|\['([^']+)'\]/g)].map((match) => match[1] ?? match[2] ?? '');
}

/** Evaluates all rules on a value, and the transition rules too where there is a value before the update. */
export function ruleViolations(
  tree: RuleTree | undefined,
  schema: JsonSchema,
  value: Json,
  old?: Json,
  path = '',
): Violation[] {
  const found: Violation[] = [];
  if (tree !== undefined) visit({ tree, schema, value, path, old, isKept: false }, found);
  return found;
}

interface Node {
  readonly tree: RuleTree;
  readonly schema: JsonSchema;
  readonly value: Json;
  readonly path: string;
  readonly old: Json | undefined;
  /** Something this value is inside of is as it was before the update. */
  readonly isKept: boolean;
}

function visit(node: Node, found: Violation[]): void {
  const { tree, schema, value, old } = node;
  if (value === null) return;
  const isKept = node.isKept || unchanged(schema, value, old);
  for (const compiled of tree.rules) {
    const violation = evaluateRule(compiled, node);
    // What was wrong before and has not changed is let through; a rule about the change itself never is.
    if (violation !== undefined && (compiled.usesOldSelf || !isKept)) found.push(violation);
  }
  for (const child of childrenOf(node)) visit({ ...child, isKept }, found);
}

function childrenOf({ tree, schema, value, path, old }: Node): Omit<Node, 'isKept'>[] {
  const { items } = schema;
  const itemRules = tree.items;
  if (Array.isArray(value)) {
    if (itemRules === undefined || items === undefined) return [];
    return value.map((item: Json, index) => {
      return {
        tree: itemRules,
        schema: items,
        value: item,
        path: `${path}[${index}]`,
        old: correlatedItem(schema, item, old),
      };
    });
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const below = tree.properties.get(name) ?? tree.additionalProperties;
    const property = memberSchema(schema, name);
    if (below === undefined || property === undefined) return [];
    const before = isJsonObject(old) && Object.hasOwn(old, name) ? old[name] : undefined;
    return [{ tree: below, schema: property, value: member, path: childPath(schema, path, name), old: before }];
  });
}

function evaluateRule(compiled: CompiledRule, node: Node): Violation | undefined {
  const { source, usesOldSelf, type, evaluate, evaluateMessage } = compiled;
  const { value, old, path } = node;
  const hasOld = old !== undefined && old !== null;
  if (usesOldSelf && !hasOld && source.optionalOldSelf !== true) return undefined;
  const context: Record<string, unknown> = { self: type.convert(value) };
  if (usesOldSelf)
    context['oldSelf'] =
      source.optionalOldSelf === true
        ? hasOld
          ? Optional.of(type.convert(old))
          : Optional.none()
        : type.convert(old ?? null);
  try {
    if (evaluate(context) === true) return undefined;
  } catch (error) {
    return {
      path,
      reason: 'FieldValueInvalid',
      message: `the rule \`${source.rule}\` cannot be evaluated: ${firstLine(error)}`,
    };
  }
  const message = messageOf(evaluateMessage, context) ?? source.message ?? `failed rule: ${source.rule}`;
  return {
    path: [path, compiled.reportedAt].filter((part) => part !== '').join('.'),
    reason: source.reason ?? 'FieldValueInvalid',
    message,
  };
}

/** A message expression that fails, or gives nothing or several lines, gives way to the fixed message. */
function messageOf(evaluate: CompiledRule['evaluateMessage'], context: Record<string, unknown>): string | undefined {
  try {
    const message = evaluate?.(context);
    return typeof message === 'string' && message.trim() !== '' && !message.includes('\n') ? message.trim() : undefined;
  } catch {
    return undefined;
  }
}
