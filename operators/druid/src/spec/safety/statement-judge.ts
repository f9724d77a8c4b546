import type { Json } from '../../druid/druid-api.ts';
import { type SqlToken, sqlTokens } from '../sql-tokens.ts';
import { embeddedJson, withoutUnicodeEscapes } from './embedded-json.ts';
import { environmentReads } from './environment.ts';
import { callingSources, unsafeInputs } from './input-sources.ts';
import type { SafetyRules } from './safety-rules.ts';
import { unsafeScripts } from './scripts.ts';

/** Functions that make a table of what Druid can read anyway. EXTERN says what it reads in its arguments. */
const plainFunctions: readonly string[] = ['extern', 'inline', 'localfiles', 's3'];

/** Functions in which FROM comes before a value, not before a table. */
const withInnerFrom: readonly string[] = ['extract', 'trim', 'substring', 'overlay', 'position'];

/** What comes between FROM and a parenthesis and is no function. */
const noFunctions: readonly string[] = ['table', 'lateral', 'unnest', 'values', 'from', 'join', 'select', 'with'];

const harmlessBefore: readonly string[] = [...plainFunctions, ...noFunctions];

/** A pair of parentheses that is open. */
interface Open {
  /** What stands before it, in small letters; empty where nothing does. */
  readonly name: string;
  /** It is of EXTERN, where it reads: the arguments are descriptions in JSON. */
  readonly isExtern: boolean;
  /** It is of a function that makes a table, or inside one. */
  readonly isTable: boolean;
}

const outermost: Open = { name: '', isExtern: false, isTable: false };

/** Reads a statement from front to back, as far as it takes to know what tables it makes of what is outside. */
export class StatementJudge {
  readonly #rules: SafetyRules;
  readonly #problems = new Set<string>();
  readonly #open: Open[] = [];
  /** The name that was last begun, `a.b.c`: its last part, and what stands before its first one. */
  #name = '';
  #beforeName = '';
  #last = '';
  #beforeLast = '';
  #endsName = false;
  #texts = 0;
  #isHint = false;

  constructor(statement: string, rules: SafetyRules) {
    this.#rules = rules;
    for (const token of sqlTokens(statement)) this.#take(token);
  }

  /** What it reads that tenants may not, each once; nothing of its texts. */
  get problems(): readonly string[] {
    return [...this.#problems];
  }

  get #around(): Open {
    return this.#open.at(-1) ?? outermost;
  }

  #take(token: SqlToken): void {
    if (token.kind === 'Text') this.#text(token);
    else if (token.kind === 'Sign') this.#sign(token.text);
    else this.#word(token);
    this.#endsName = token.kind === 'Word' || token.kind === 'Name';
    [this.#beforeLast, this.#last] = [this.#last, this.#shortOf(token)];
  }

  /** What is remembered of a token: quoted ones are no keywords and no signs. */
  #shortOf({ kind, text }: SqlToken): string {
    if (kind === 'Text' || kind === 'Name') return kind;
    return this.#last === 'distinct' && folded(text) === 'from' ? 'distinct from' : folded(text);
  }

  #word(token: Extract<SqlToken, { kind: 'Word' | 'Name' }>): void {
    if (token.kind === 'Name' && token.encoding !== 'Plain' && this.#around.isTable) this.#problems.add(encoded);
    if (this.#last !== '.') this.#beforeName = this.#last === 'specific' ? this.#beforeLast : this.#last;
    this.#name = folded(token.text);
  }

  #sign(sign: string): void {
    if (sign === '(') this.#enter();
    else if (sign === ')') this.#open.pop();
    else if (sign === '/*+' || sign === '*/') this.#isHint = sign === '/*+';
    else if (this.#around.isExtern && ['|', '?'].includes(sign)) this.#problems.add(composed);
  }

  #enter(): void {
    const name = this.#endsName ? this.#name : '';
    const around = this.#around;
    if (around.isExtern) this.#problems.add(composed);
    this.#judgeFunction(name, around);
    const isExtern = name === 'extern' && this.#beforeName !== 'into';
    if (isExtern) this.#texts = 0;
    this.#open.push({ name, isExtern, isTable: around.isTable || isExtern || name === 'table' });
  }

  #judgeFunction(name: string, around: Open): void {
    const { allowedInputSources } = this.#rules;
    if (name === '' || allowedInputSources.some((allowed) => folded(allowed) === name)) return;
    if (callingSources.includes(name)) this.#problems.add(readingBy(name));
    else if (this.#makesTable(around) && !harmlessBefore.includes(name)) this.#problems.add(unknownFunction);
  }

  #makesTable(around: Open): boolean {
    if (this.#beforeName === '(') return around.name === 'table';
    return ['from', 'join'].includes(this.#beforeName) && !withInnerFrom.includes(around.name);
  }

  #text({ text, encoding }: Extract<SqlToken, { kind: 'Text' }>): void {
    const { isExtern, isTable } = this.#around;
    if (this.#isHint) this.#problems.add(hinted);
    if (encoding === 'C' || (encoding === 'Unicode' && isTable)) return void this.#problems.add(encoded);
    const isNamed = this.#last === '=>';
    const isSource = isExtern && (isNamed ? this.#name === 'inputsource' : this.#texts === 0);
    this.#texts += 1;
    const looks = this.#deniedIn(withoutUnicodeEscapes(text));
    for (const type of looks) this.#problems.add(readingBy(type));
    if (looks.length > 0 || !/^\s*[[{]/.test(text)) return;
    const json = embeddedJson(text);
    if (json !== undefined) this.#judgeJson(isSource ? { inputSource: json } : json);
    else if (isExtern) this.#problems.add(unreadable);
  }

  /** Druid may take for JSON what is none to others, so what looks like a type counts. */
  #deniedIn(text: string): readonly string[] {
    const { allowedInputSources, allowsJavaScript } = this.#rules;
    const denied = callingSources.filter((type) => !allowedInputSources.includes(type));
    return (allowsJavaScript ? denied : [...denied, 'javascript']).filter((type) =>
      new RegExp(`"type"\\s*:\\s*"${type}"|^\\s*\\[\\s*"${type}"\\s*,\\s*\\{`).test(text),
    );
  }

  #judgeJson(json: Json): void {
    if (unsafeInputs(json, this.#rules).length > 0) this.#problems.add(foreignSource);
    if (environmentReads(json).length > 0) this.#problems.add(environment);
    if (unsafeScripts(json, '', this.#rules).length > 0) this.#problems.add(readingBy('javascript'));
  }
}

/** As Druid compares the names of functions. */
function folded(text: string): string {
  return text.toUpperCase().toLowerCase();
}

function readingBy(type: string): string {
  return `the statement reads from outside by ${type}, which the operator does not allow`;
}

const encoded =
  'the statement has letters written by their numbers (U&, E) where it makes a table of what is outside; write them out';
const hinted =
  'the statement has a text in a hint (/*+ ... */), of which it cannot be told where it ends; leave it out';
const composed =
  'the statement makes up the arguments of EXTERN by an expression; write each of them as one text in single quotes';
const unreadable =
  'the statement has a description in EXTERN that is no JSON, or has a field twice; write it as plain JSON';
const foreignSource =
  "the statement reads from outside by an input source that calls other hosts; the operator's flag --allow-input-source would allow it";
const environment = 'the statement reads the environment of Druid itself';
const unknownFunction =
  "the statement makes a table by a function that is not known to read only what Druid can read anyway; the operator's flag --allow-input-source with its name would allow it";
