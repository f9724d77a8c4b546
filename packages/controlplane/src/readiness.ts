import { readFile } from 'node:fs/promises';
import { type AdminApi, openAdminApi } from './admin-api.ts';
import { instancePaths } from './component-arguments.ts';
import { ControlPlaneError } from './control-plane-error.ts';
import { isEtcdHealthy } from './etcd-client.ts';
import { openPki } from './instance-pki.ts';
import type { ExitStatus, TetheredProcess } from './tethered-process.ts';
import { waitUntil } from './wait-until.ts';

/** A slow machine with every core busy needs half a minute; a minute more is generous. */
const START_LIMIT_MS = 90_000;

/** Resolves when etcd answers. Throws `StartFailed` with the end of its log when it ends or stays silent. */
export async function awaitEtcd(socketPath: string, process: TetheredProcess, signal?: AbortSignal): Promise<void> {
  await awaitComponent(process, () => isEtcdHealthy(socketPath), signal);
}

/** Resolves when /readyz says ok to the administrator. Throws `StartFailed` like {@link awaitEtcd}. */
export async function awaitReadyz(api: AdminApi, process: TetheredProcess, signal?: AbortSignal): Promise<void> {
  await awaitComponent(process, () => answersOk(api, '/readyz'), signal);
}

/** Resolves when pods can be created in `default`, that is, when the controller-manager has made its service account. */
export async function awaitDefaultServiceAccount(
  api: AdminApi,
  process: TetheredProcess,
  signal?: AbortSignal,
): Promise<void> {
  await awaitComponent(process, () => answersOk(api, '/api/v1/namespaces/default/serviceaccounts/default'), signal);
}

/** Whether the API server of the instance kept in `dir` says it is ready, within a few seconds. */
export async function isControlPlaneReady(dir: string, server: string): Promise<boolean> {
  const pki = await openPki(instancePaths(dir).pki, new Date());
  const identity = await pki.clientCertificate('capstan:status', ['system:monitoring']);
  const api = openAdminApi({ server, certificateAuthority: pki.authority.certificate, identity });
  try {
    return await answersOk(api, '/readyz');
  } finally {
    api.close();
  }
}

/** `exit code 1` or `signal SIGKILL`. */
export function describeExit(status: ExitStatus): string {
  return status.signal === null ? `exit code ${status.code}` : `signal ${status.signal}`;
}

async function awaitComponent(
  process: TetheredProcess,
  isReady: () => Promise<boolean>,
  signal?: AbortSignal,
): Promise<void> {
  const condition = async (): Promise<boolean> => process.exitStatus !== undefined || (await isReady());
  const inTime = await waitUntil(condition, { timeoutMs: START_LIMIT_MS, intervalMs: 25, signal });
  const { exitStatus } = process;
  if (inTime && exitStatus === undefined) return;
  const what =
    exitStatus === undefined
      ? `does not answer after ${START_LIMIT_MS / 1_000} s`
      : `ended with ${describeExit(exitStatus)}`;
  throw new ControlPlaneError(
    'StartFailed',
    `${process.name} ${what}; the end of its log:\n${await lastComplaints(process.logFile)}`,
  );
}

async function answersOk(api: AdminApi, path: string): Promise<boolean> {
  try {
    return (await api.send('GET', path)).status === 200;
  } catch {
    // Not listening yet: not ready is the answer, whatever the cause.
    return false;
  }
}

/** The last lines that matter: errors and fatal ones where there are any, else simply the last. */
async function lastComplaints(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8')).split('\n').filter((line) => line !== '');
  const complaints = lines.filter((line) => /^[EF]\d{4} |^Error:|"level":"(error|fatal|panic)"/.test(line));
  return (complaints.length > 0 ? complaints : lines)
    .slice(-5)
    .map((line) => `  ${line}`)
    .join('\n');
}
