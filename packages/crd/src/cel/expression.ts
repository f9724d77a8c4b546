import { type ASTNode, Environment, serialize } from '@marcbachmann/cel-js';
import { compileRe2 } from '../re2.ts';
import { CALLABLE, OPERATOR_FUNCTIONS, ownNameOf, PATTERN_FUNCTIONS } from './functions.ts';

/** A parsed rule, put into the two texts that the CEL library is given. */
export interface Expression {
  /** For the type check: `has(x)` stands as an access of `x`, so that an unknown field is found. */
  readonly checked: string;
  /** For evaluation. */
  readonly evaluated: string;
  readonly usesOldSelf: boolean;
  /** Every field the rule names. */
  readonly fields: ReadonlySet<string>;
}

/** Only for its grammar; kept, because to make an environment takes longer than to parse a rule. */
const grammar = new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true });

/**
 * Parses a rule.
 * @throws Error where it is not CEL, or calls something that cannot be evaluated here as the API server does
 */
export function parseExpression(text: string): Expression {
  const ast: ASTNode = grammar.parse(text).ast;
  const variables = new Set<string>();
  const fields = new Set<string>();
  const checked = print(ast, { forCheck: true, variables, fields });
  const evaluated = print(ast, { forCheck: false, variables, fields });
  return { checked, evaluated, usesOldSelf: variables.has('oldSelf'), fields };
}

interface Printing {
  readonly forCheck: boolean;
  /** Collects every identifier met. */
  readonly variables: Set<string>;
  /** Collects every field met. */
  readonly fields: Set<string>;
}

function print(ast: ASTNode, to: Printing): string {
  const inner = (node: ASTNode): string => print(node, to);
  switch (ast.op) {
    case 'value':
      return literal(ast.args, ast);
    case 'id':
      to.variables.add(ast.args);
      return ast.args;
    case '.':
    case '.?':
      to.fields.add(ast.args[1]);
      return `${inner(ast.args[0])}${ast.op}${ast.args[1]}`;
    case '[]':
      return `${inner(ast.args[0])}[${inner(ast.args[1])}]`;
    case '[?]':
      return `${inner(ast.args[0])}[?${inner(ast.args[1])}]`;
    case 'list':
      return `[${ast.args.map(inner).join(', ')}]`;
    case 'map':
      return `{${ast.args.map(([key, value]) => `${inner(key)}: ${inner(value)}`).join(', ')}}`;
    case '?:':
      return `(${inner(ast.args[0])} ? ${inner(ast.args[1])} : ${inner(ast.args[2])})`;
    case '!_':
      return `(!${inner(ast.args)})`;
    case '-_':
      return `(-${inner(ast.args)})`;
    case 'call':
      return printCall(ast.args[0], ast.args[1], to);
    case 'rcall':
      return printMethod(ast.args[0], ast.args[1], ast.args[2], to);
    default:
      return printOperator(ast.op, inner(ast.args[0]), inner(ast.args[1]), to);
  }
}

function printOperator(operator: string, left: string, right: string, to: Printing): string {
  if (to.forCheck) return `(${left} ${operator} ${right})`;
  const { equal, ordered } = OPERATOR_FUNCTIONS;
  switch (operator) {
    case '==':
      return `${equal}(${left}, ${right})`;
    case '!=':
      return `(!${equal}(${left}, ${right}))`;
    case '+':
      return `(${ordered}(${left}) + ${ordered}(${right}))`;
    default:
      return `(${left} ${operator} ${right})`;
  }
}

/** The library writes doubles with nine digits only. */
function literal(value: unknown, ast: ASTNode): string {
  if (typeof value !== 'number') return serialize(ast);
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function printCall(name: string, args: readonly ASTNode[], to: Printing): string {
  assertCallable(name);
  const printed = args.map((argument) => print(argument, to));
  // A presence test alone is not type-checked by the library; an access is.
  if (name === 'has' && to.forCheck) return `(dyn(${printed.join('')}) == dyn(${printed.join('')}))`;
  return `${ownNameOf(name)}(${printed.join(', ')})`;
}

function printMethod(name: string, receiver: ASTNode, args: readonly ASTNode[], to: Printing): string {
  const namespace =
    receiver.op === 'id' && (receiver.args === 'sets' || receiver.args === 'optional') ? receiver.args : undefined;
  const printed = args.map((argument) => print(argument, to));
  if (namespace !== undefined) {
    const full = `${namespace}.${name}`;
    assertCallable(full);
    return `${ownNameOf(full)}(${printed.join(', ')})`;
  }
  assertCallable(name);
  if (PATTERN_FUNCTIONS.has(name)) assertPattern(name, args[0]);
  return `${print(receiver, to)}.${ownNameOf(name)}(${printed.join(', ')})`;
}

function assertCallable(name: string): void {
  if (!CALLABLE.has(name))
    throw new Error(`the function '${name}' cannot be evaluated here; use one of: ${[...CALLABLE].join(', ')}`);
}

function assertPattern(name: string, pattern: ASTNode | undefined): void {
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string')
    throw new Error(`the pattern of ${name} must be written out as a string`);
  compileRe2(pattern.args);
}
