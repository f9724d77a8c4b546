import { styleText } from 'node:util';
import { createClient, loadKubeConfig } from '@capstan/kube';
import { examine } from './examine.ts';
import type { OperatorName } from './installation.ts';
import { installations } from './installations.ts';
import { exitCodeOf, reportLines, summaryOf } from './report.ts';
import { takeSurvey } from './survey.ts';

export interface DoctorOptions {
  readonly operator?: readonly OperatorName[];
  readonly namespace?: string;
  readonly operatorNamespace?: string;
  readonly asOperator?: boolean;
  readonly output: 'text' | 'json';
  readonly kubeconfig?: string;
  readonly context?: string;
}

/**
 * Looks at a cluster, changes nothing, and prints what would go wrong before installing or upgrading.
 * @returns the exit code: 0 nothing is in the way, 1 problems, 2 warnings
 * @throws {TransportError} when no API server answers
 */
export async function doctor(options: DoctorOptions): Promise<number> {
  const { operator, namespace, operatorNamespace, asOperator = false, output, kubeconfig, context } = options;
  const client = createClient(await loadKubeConfig({ path: kubeconfig, context }), { userAgent: 'capstan-doctor' });
  try {
    const scope = {
      ...{ installations: await installations(operator), asOperator },
      ...(namespace !== undefined && { namespace }),
      ...(operatorNamespace !== undefined && { operatorNamespace }),
    };
    const findings = examine(await takeSurvey(client, scope, Date.now()));
    const summary = summaryOf(findings);
    if (output === 'json') console.log(JSON.stringify({ findings, summary }, undefined, 2));
    else for (const line of reportLines(findings, paint)) console.log(line);
    return exitCodeOf(summary);
  } finally {
    await client.close();
  }
}

/** Colour where a person looks at a terminal that shows it; NO_COLOR and FORCE_COLOR are respected. */
function paint(colour: Parameters<typeof styleText>[0] & string, text: string): string {
  return styleText(colour, text, { stream: process.stdout });
}
