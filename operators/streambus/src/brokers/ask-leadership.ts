import type { BrokerAddress, BrokerAdmin } from './broker-admin.ts';
import type { BrokerAnswer } from './leadership.ts';

/**
 * Asks every one of these brokers at once whether it leads. One that gives no usable answer is `Silent`, and keeps nobody else.
 *
 * To be asked only once their client port is open: before that a broker prints a panic for every question.
 */
export async function askLeadership(
  admin: BrokerAdmin,
  brokers: readonly BrokerAddress[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, BrokerAnswer>> {
  const answers = await Promise.all(
    brokers.map(async (broker) => [broker.pod, await askOne(admin, broker, signal)] as const),
  );
  return new Map(answers);
}

async function askOne(admin: BrokerAdmin, broker: BrokerAddress, signal?: AbortSignal): Promise<BrokerAnswer> {
  try {
    const { status, body } = await admin.ask(broker, { method: 'GET', path: '/api/v1/cluster' }, signal);
    if (status !== 200) return { kind: 'Silent', why: `it answers /api/v1/cluster with status ${status}` };
    const controller = controllerOf(body);
    if (controller === undefined) return { kind: 'Silent', why: 'its answer to /api/v1/cluster has no controller_id' };
    return controller === 0 ? { kind: 'Follows' } : { kind: 'Leads' };
  } catch (error) {
    return { kind: 'Silent', why: error instanceof Error ? error.message : 'it could not be asked' };
  }
}

/** A broker names itself when it leads, and 0 when it does not. */
function controllerOf(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null || !('controller_id' in body)) return undefined;
  return typeof body.controller_id === 'number' ? body.controller_id : undefined;
}
