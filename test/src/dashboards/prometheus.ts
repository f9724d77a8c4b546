import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pickPort } from '@capstan/controlplane';
import { eventually } from '@capstan/testkit';

/** Something that Prometheus scrapes each second. */
export interface ScrapeTarget {
  readonly url: URL;
  /** Added to every series that has none of that name. */
  readonly labels: Readonly<Record<string, string>>;
}

/** One series that a query found. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Whether there is a Prometheus on this machine; says so once, where there is none. */
export function hasPrometheus(): boolean {
  const isInstalled = spawnSync('prometheus', ['--version']).status === 0;
  if (!isInstalled)
    console.warn(
      'no prometheus on this machine: it is not shown that dashboards get data (apt-get install prometheus)',
    );
  return isInstalled;
}

/** A real Prometheus, as a process of its own. */
export class Prometheus implements AsyncDisposable {
  readonly #server: string;
  readonly #parts: AsyncDisposableStack;

  private constructor(server: string, parts: AsyncDisposableStack) {
    this.#server = server;
    this.#parts = parts;
  }

  /** Resolves once it answers queries. */
  static async start(targets: readonly ScrapeTarget[]): Promise<Prometheus> {
    await using building = new AsyncDisposableStack();
    const directory = await mkdtemp(join(tmpdir(), 'capstan-prometheus-'));
    building.defer(() => rm(directory, { recursive: true, force: true }));
    const config = join(directory, 'prometheus.yml');
    // JSON is YAML.
    await writeFile(config, JSON.stringify(configFor(targets)));
    const address = `127.0.0.1:${await pickPort()}`;
    const flags = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${directory}/data`,
      `--web.listen-address=${address}`,
    ];
    const child = spawn('prometheus', flags, { stdio: 'ignore' });
    building.defer(async () => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    });
    const ready = async () => expect200(await fetch(`http://${address}/-/ready`));
    await eventually(ready, { timeout: 30_000 });
    return new Prometheus(`http://${address}`, building.move());
  }

  /** What an expression finds now. @throws {Error} with the words of Prometheus, when it does not accept the expression */
  async query(expr: string): Promise<readonly Sample[]> {
    const answer = await fetch(`${this.#server}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query: expr }),
    });
    const { data, error } = JSON.parse(await answer.text());
    if (!answer.ok) throw new Error(`${expr}: ${error}`);
    const found: { readonly metric: Sample['labels']; readonly value: readonly [number, string] }[] = data.result;
    return found.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  /** The values of a label among the series that a matcher selects: what a variable offers. */
  async labelValues(matcher: string, label: string): Promise<readonly string[]> {
    const query = new URLSearchParams({ 'match[]': matcher });
    const answer = await fetch(`${this.#server}/api/v1/label/${label}/values?${query}`);
    return JSON.parse(await answer.text()).data;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync();
  }
}

function configFor(targets: readonly ScrapeTarget[]): object {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: targets.map(({ url, labels }, index) => ({
      job_name: `target-${index}`,
      // Exporters of what others have tell labels of their own.
      honor_labels: true,
      metrics_path: url.pathname,
      static_configs: [{ targets: [url.host], labels }],
    })),
  };
}

function expect200({ status, url }: Response): void {
  if (status !== 200) throw new Error(`${url} answers ${status}`);
}
