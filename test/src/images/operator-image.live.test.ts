import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pickPort } from '@capstan/controlplane';
import { druidIngestions } from '@capstan/druid-operator';
import { prismClusters, prismFederations, prismNamespaces, prismPatterns } from '@capstan/prism-operator';
import type { Controller } from '@capstan/runtime';
import { streamBusClusters } from '@capstan/streambus-operator';
import { eventually, openWorld, type World } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePrograms, programsOf } from '../../../scripts/bundle.ts';
import { type BuiltImage, buildImages } from '../../../scripts/image/build-images.ts';
import { missingDebian } from '../../../scripts/image/debian-packages.ts';
import { missingRights, startContained } from './contained-process.ts';
import { readImage, unpackLayers } from './image-archive.ts';

/** What each program runs: the kinds that it waits for, and what it may do. */
const operators: Readonly<Record<string, readonly Controller[]>> = {
  druid: [druidIngestions],
  prism: [prismClusters, prismPatterns, prismNamespaces, prismFederations],
  streambus: [streamBusClusters],
};

const repository = fileURLToPath(new URL('../../..', import.meta.url));

const noImages = await missingDebian();
if (noImages !== undefined) console.info(`no images are made in this run: ${noImages}`);
const notRun = noImages ?? missingRights();
if (notRun !== undefined && notRun !== noImages) console.info(`that images run by themselves is not shown: ${notRun}`);

let dir: string;
let images: readonly BuiltImage[];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'capstan-images-'));
  if (noImages !== undefined) return;
  images = await buildImages(join(dir, 'built'), { operators: Object.keys(operators), debian: 'cached' });
}, 300_000);

afterAll(() => rm(dir, { recursive: true, force: true }));

function builtFor(operator: string): BuiltImage {
  const found = images.find(({ name }) => name === `${operator}-operator`);
  if (found === undefined) throw new Error(`no image of ${operator} was built`);
  return found;
}

function archiveOf(image: BuiltImage | undefined): string {
  return image?.builds[0]?.archive.path ?? '';
}

describe.runIf(noImages === undefined)('images', () => {
  it('are the same, byte by byte, when they are built again', async () => {
    const again = await buildImages(join(dir, 'again'), { operators: ['streambus'], debian: 'cached' });
    const apartFromPaths = (image: BuiltImage | undefined) =>
      JSON.stringify(image, (key, value) => (key === 'path' ? null : value));
    expect(apartFromPaths(again[0])).toBe(apartFromPaths(builtFor('streambus')));
  }, 120_000);

  it('bear the time that they are given, and are others then', async () => {
    const options = { operators: ['druid'], debian: 'cached', time: 1_700_000_000 } as const;
    const [later] = await buildImages(join(dir, 'later'), options);
    const { config, digest } = await readImage(archiveOf(later));
    expect(config.created).toBe('2023-11-14T22:13:20Z');
    expect(digest).not.toBe(builtFor('druid').builds[0]?.digest);
  }, 120_000);
});

describe.each(Object.entries(operators))('the operator of %s', (operator, controllers) => {
  let alone: string;
  let world: World;

  beforeAll(async () => {
    // An empty folder outside the repository, with the program alone: whatever it lacks it finds nowhere.
    alone = join(dir, `${operator}-alone`);
    const root = join(repository, 'operators', operator);
    await bundlePrograms({ root, programs: await programsOf(root), outdir: join(dir, `${operator}-bundle`) });
    await mkdir(alone);
    await copyFile(join(dir, `${operator}-bundle`, 'operator.mjs'), join(alone, 'operator.mjs'));
    // The world resolves when the program says of itself that it is ready, with the permissions it declares and no others.
    const program = { main: join(alone, 'operator.mjs'), flags: ['--ignore-rivals'] };
    world = await openWorld({ name: `image-${operator}`, controllers, program });
  }, 120_000);

  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
  });

  it('becomes ready where there is nothing but Node and its bundle', async () => {
    expect(await readdir(alone)).toEqual(['operator.mjs']);
    await world.settled();
    expect(world.logs().filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });

  it.runIf(noImages === undefined)('has an image that says what it is, and runs as nobody in particular', async () => {
    const { version, builds } = builtFor(operator);
    const image = await readImage(archiveOf(builtFor(operator)));
    expect(image.digest).toBe(builds[0]?.digest);
    expect(image.annotations['org.opencontainers.image.ref.name']).toBe(version);
    expect(image.config).toMatchObject({
      architecture: builds[0]?.architecture,
      created: '1970-01-01T00:00:00Z',
      config: {
        User: '65532:65532',
        Entrypoint: ['/nodejs/bin/node', '/operator.mjs'],
        Labels: {
          'org.opencontainers.image.title': `${operator}-operator`,
          'org.opencontainers.image.version': version,
          'org.opencontainers.image.licenses': 'Apache-2.0',
        },
      },
    });
  });

  it.runIf(notRun === undefined)(
    'runs out of its image as its user on a read-only root: says how it is used, and becomes ready',
    async () => {
      await world.stopOperator();
      const image = await readImage(archiveOf(builtFor(operator)));
      const root = join(dir, `${operator}-root`);
      await mkdir(join(root, 'mnt'), { recursive: true });
      await unpackLayers(image, root);
      const mounted = await mountable(await world.operatorKubeconfig(), join(dir, `${operator}-mounted`));
      const common = { root, config: image.config, mounted };

      const help = await startContained({ ...common, args: ['--help'], logFile: join(dir, `${operator}-help.log`) });
      expect(await help.ended()).toMatchObject({ code: 0 });
      expect(await readFile(help.logFile, 'utf8')).toContain(`Usage: ${operator}-operator `);

      const health = `127.0.0.1:${await pickPort()}`;
      const flags = [`--namespace=${world.namespace}`, '--ignore-rivals', '--metrics-bind-address=0'];
      const args = ['--kubeconfig=/mnt/kubeconfig', `--health-probe-bind-address=${health}`, ...flags];
      const running = await startContained({ ...common, args, logFile: join(dir, `${operator}-run.log`) });
      try {
        const ready = async () => expect((await fetch(`http://${health}/readyz`)).status).toBe(200);
        await eventually(ready, { timeout: 30_000 });
        expect(await userOf(running.pid)).toBe('65532');
      } catch (error) {
        await running.kill();
        throw new Error(`the image is not ready; it says: ${await readFile(running.logFile, 'utf8')}`, {
          cause: error,
        });
      }
      expect(await running.stop(20_000)).toMatchObject({ code: 0 });
    },
    120_000,
  );
});

/** A folder that the image's user may read, as one that a pod mounts. */
async function mountable(kubeconfig: string, folder: string): Promise<string> {
  await mkdir(folder);
  await copyFile(kubeconfig, join(folder, 'kubeconfig'));
  await chmod(join(folder, 'kubeconfig'), 0o444);
  return folder;
}

/** Who a process runs as, to the kernel. */
async function userOf(pid: number): Promise<string> {
  return /^Uid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
}
