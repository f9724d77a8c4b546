import { type ControlPlane, type ProgressListener, startControlPlane } from '@capstan/controlplane';

/** A control plane that tests may use as they like. A running `ControlPlane` of `@capstan/controlplane` is one. */
export interface PlaneAccess {
  /** Path of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Path of its audit log. */
  readonly auditLog: string | undefined;
}

/** How the control plane that a run shares is told to the tests. Never `KUBECONFIG`: that is somebody's real cluster. */
export const planeVariables = { kubeconfig: 'CAPSTAN_TEST_KUBECONFIG', auditLog: 'CAPSTAN_TEST_AUDIT_LOG' } as const;

/** The control plane to use, and how to leave it. */
export interface OpenPlane extends AsyncDisposable {
  readonly access: PlaneAccess;
}

/** The one given, else the one that the global setup of the run started, else a new one that ends with its user. */
export async function openPlane(given: PlaneAccess | undefined): Promise<OpenPlane> {
  const shared = given ?? sharedPlane();
  if (shared !== undefined) return { access: shared, [Symbol.asyncDispose]: async () => {} };
  const plane = await startTestPlane();
  return { access: plane, [Symbol.asyncDispose]: () => plane.stop() };
}

/** Starts the kind of control plane that worlds need: pods are played, and every request is in the audit log. */
export function startTestPlane(): Promise<ControlPlane> {
  return startControlPlane({ nodes: 'kwok', audit: true, onProgress: slowStepsToStderr() });
}

function sharedPlane(): PlaneAccess | undefined {
  const kubeconfig = process.env[planeVariables.kubeconfig];
  return kubeconfig === undefined ? undefined : { kubeconfig, auditLog: process.env[planeVariables.auditLog] };
}

/** Building the programs takes minutes, once: whoever waits should see what for. Starting takes seconds and needs no words. */
function slowStepsToStderr(): ProgressListener {
  let announced = '';
  return ({ title, step, steps, remainingMs }) => {
    if (title === announced || (remainingMs !== undefined && remainingMs < 20_000)) return;
    announced = title;
    const left = remainingMs === undefined ? '' : `, about ${Math.ceil(remainingMs / 1_000)} s to go`;
    process.stderr.write(`control plane: ${title} (${step} of ${steps}${left})\n`);
  };
}
