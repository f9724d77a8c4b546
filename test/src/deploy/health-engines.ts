import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { type GoToolName, goTool } from '../../../scripts/go-tools/go-tool.ts';
import { runProgram } from './run-program.ts';

const script = fileURLToPath(new URL('../../../deploy/gitops/argocd/health.lua', import.meta.url));

/** What the engines of GitOps say of one object. */
export interface Judgement {
  /** By whoever asks kstatus, such as Helm: `InProgress`, `Current`, `Failed` or `Terminating`. */
  readonly kstatus: string;
  /** By Flux with our expressions: the same words, and `Unknown` while there is no status, for which it waits. */
  readonly flux: string;
  /** By Argo CD with our script: `Progressing`, `Healthy`, `Degraded` or `Suspended`. */
  readonly argo: string;
}

/** Asks kstatus, Flux and Argo CD, each by its own rules. */
export async function judgementOf(object: { readonly kind: string }): Promise<Judgement> {
  const input = JSON.stringify(object);
  const asked = async (tool: GoToolName, args: readonly string[]) =>
    statusIn((await runProgram(await goTool(tool), args, input)).stdout);
  const [kstatus, flux, argo] = await Promise.all([
    asked('kstatus', []),
    asked('flux-health', [JSON.stringify(expressionsFor(object.kind))]),
    asked('lua-health', [script]),
  ]);
  return { kstatus, flux, argo };
}

interface FluxKustomization {
  readonly spec: { readonly healthCheckExprs?: readonly { readonly kind: string }[] };
}

/** What our example tells Flux of a kind. */
function expressionsFor(kind: string): object {
  const file = new URL('../../../deploy/gitops/flux/resources.yaml', import.meta.url);
  const expressions = parseAllDocuments(readFileSync(file, 'utf8'))
    .map((document): FluxKustomization => document.toJS())
    .flatMap(({ spec }) => spec.healthCheckExprs ?? []);
  const found = expressions.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`deploy/gitops/flux/resources.yaml says nothing of ${kind}`);
  return found;
}

function statusIn(text: string): string {
  const { status }: { status: unknown } = JSON.parse(text);
  return String(status);
}
