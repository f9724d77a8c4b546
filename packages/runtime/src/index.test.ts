import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import kubePackage from '../../kube/package.json' with { type: 'json' };
import runtimePackage from '../package.json' with { type: 'json' };

/** Prints the URL of every module that importing the runtime loads. */
const listing = `
  import { registerHooks } from 'node:module';
  const urls = [];
  registerHooks({
    load(url, context, nextLoad) {
      urls.push(url);
      return nextLoad(url, context);
    },
  });
  await import('@capstan/runtime');
  console.log(JSON.stringify(urls));
`;

function modulesLoaded(): readonly string[] {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', listing], { cwd, encoding: 'utf8' });
  return JSON.parse(output);
}

/** What serves logging, metrics and tracing, and nothing else. */
const forObserving = /^(pino|prom-client|@opentelemetry\/.+)$/;

describe('the runtime', () => {
  it('loads pino and yaml when it is imported, and no other package: the rest comes when it is used', () => {
    const packages = modulesLoaded().map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]);
    const heavy = ['prom-client', 'commander', '@peculiar/x509', '@opentelemetry/api', '@opentelemetry/sdk-trace'];
    expect(packages).toContain('pino');
    for (const name of heavy) expect(packages).not.toContain(name);
  });

  it('needs at most three packages besides those for observing, its own client included', () => {
    const names = [kubePackage, runtimePackage].flatMap(({ dependencies }) => Object.keys(dependencies));
    const further = names.filter((name) => !name.startsWith('@capstan/') && !forObserving.test(name));
    expect(new Set(further).size).toBeLessThanOrEqual(3);
  });
});
