import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ExitStatus, spawnTethered, type TetheredProcess } from '@capstan/controlplane';
import { eventually } from '@capstan/testkit';
import { operatorName } from './beacon.ts';

const program = fileURLToPath(new URL('beacon-operator.ts', import.meta.url));

/** Longer than a lease lasts, and than a process takes to start on a busy machine. */
const patienceMs = 60_000;

export interface ReplicaOptions {
  readonly name: string;
  readonly kubeconfig: string;
  readonly namespace: string;
  /** Where its log goes. */
  readonly directory: string;
}

/** One process of the operator, which takes part in the election and can be treated badly. */
export class Replica {
  readonly name: string;
  /** As the audit log has it, for all of its work but the lease. */
  readonly userAgent: string;
  readonly #process: TetheredProcess;

  private constructor(name: string, process: TetheredProcess) {
    this.name = name;
    this.userAgent = `${operatorName}/${name}`;
    this.#process = process;
  }

  static async start({ name, kubeconfig, namespace, directory }: ReplicaOptions): Promise<Replica> {
    const flags = ['--leader-elect', '--metrics-bind-address=0', '--health-probe-bind-address=0', '--log-level=info'];
    const child = await spawnTethered({
      name,
      command: process.execPath,
      args: [
        '--disable-warning=ExperimentalWarning',
        program,
        `--kubeconfig=${kubeconfig}`,
        `--namespace=${namespace}`,
        ...flags,
      ],
      cwd: process.cwd(),
      env: { ...process.env, REPLICA: name },
      logFile: join(directory, `${name}.log`),
      lingerSeconds: 0,
    });
    return new Replica(name, child);
  }

  untilLeading(): Promise<void> {
    return this.#untilSaid('leading');
  }

  /** Its caches are full, and it has seen who leads. */
  untilStandingBy(): Promise<void> {
    return this.#untilSaid('another process leads; standing by');
  }

  send(signal: NodeJS.Signals): void {
    process.kill(this.#process.pid, signal);
  }

  ended(): Promise<ExitStatus> {
    return this.#process.ended();
  }

  /** Ends it, whatever state it is in. */
  kill(): Promise<ExitStatus> {
    return this.#process.kill();
  }

  /** What it logged, a line each. */
  log(): readonly Readonly<Record<string, unknown>>[] {
    const lines = readFileSync(this.#process.logFile, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  }

  #untilSaid(text: string): Promise<void> {
    const look = () => {
      if (this.log().some(({ msg }) => msg === text)) return;
      throw new Error(`${this.name} did not say "${text}"; its log is ${JSON.stringify(this.log().slice(-5))}`);
    };
    return eventually(look, { timeout: patienceMs });
  }
}
