import { type Connection, createClient } from '@capstan/kube';
import { type Controller, Snapshots } from '@capstan/runtime';
import type { SourceDocument } from '../../plan/documents.ts';
import { planFiles } from '../../plan/plan.ts';
import type { PlanView } from '../api.ts';
import { Refused } from '../refused.ts';
import { readManifest } from './manifest-reader.ts';
import { planView } from './plan-view.ts';

/** Each is a pass of an operator. */
const mostDocuments = 20;

export interface PlanSources {
  readonly connection: Connection;
  readonly controllers: readonly Controller[];
  /** The only namespace that is shown, if there is one. */
  readonly namespace: string | undefined;
}

/**
 * Plans a manifest as `capstan plan -f` does: a rehearsal, whose writes are dry runs.
 * @throws {Refused} or {UserError} when it is no manifest, or of no kind that an operator here knows
 */
export async function planOf(manifest: string, { connection, controllers, namespace }: PlanSources): Promise<PlanView> {
  const documents = await documentsOf(manifest);
  const warnings = new Set<string>();
  // A client of its own, for what the server warns of belongs to this plan.
  const client = createClient(connection, {
    userAgent: 'capstan-console-plan',
    onWarning: (text) => warnings.add(text),
  });
  try {
    const place = { client, namespace: namespace ?? connection.namespace, snapshots: new Snapshots() };
    const planned = await planFiles(controllers, documents, namespace === undefined ? {} : { namespace }, place);
    return planView(planned, [...warnings]);
  } finally {
    await client.close();
  }
}

async function documentsOf(manifest: string): Promise<readonly SourceDocument[]> {
  const documents = await readManifest(manifest);
  if (documents.length === 0) throw new Refused(400, 'the manifest is empty');
  if (documents.length <= mostDocuments) return documents;
  throw new Refused(400, `there are ${documents.length} objects; ${mostDocuments} at most are planned at once`);
}
