import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuiltImage, buildImages } from '../../../scripts/image/build-images.ts';
import { type Measure, megabytesOf, timesAsMuch } from '../measure.ts';

/** Makes the image of the operator in `operators/<system>`, and weighs it and its bundle. */
export async function weigh(system: string, program: string): Promise<readonly Measure[]> {
  const bundle = await readFile(program);
  const image = await imageOf(system);
  return [
    {
      id: `${system}.bundle`,
      label: 'bundle',
      value: megabytesOf(bundle.length),
      unit: 'MB',
      how: 'operator.mjs, all there is of the operator and of what it imports',
    },
    {
      id: `${system}.bundleGzipped`,
      label: 'bundle, gzipped',
      value: megabytesOf(gzipSync(bundle).length),
      unit: 'MB',
      how: 'gzip -6',
    },
    ...(typeof image === 'string' ? [imageMeasure(system, undefined, image)] : weights(system, image)),
  ];
}

/** The image, or why there is none on this machine. */
async function imageOf(operator: string): Promise<BuiltImage | string> {
  const dir = await mkdtemp(join(tmpdir(), 'capstan-bench-image-'));
  try {
    const [image] = await buildImages(dir, { operators: [operator], debian: 'cached' });
    return image ?? `there is no operator ${operator}`;
  } catch (error) {
    return `not built: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function weights(system: string, { builds: [build] }: BuiltImage): readonly Measure[] {
  const layers = build?.layers ?? [];
  const all = layers.reduce((sum, { bytes }) => sum + bytes, 0);
  const node = layers.find(({ holds }) => holds.startsWith('Node '))?.bytes ?? Number.NaN;
  const how = 'its layers, gzipped, as they are pulled';
  return [
    imageMeasure(system, all, how),
    {
      id: `${system}.imagePerNode`,
      label: 'image, as against its Node alone',
      value: timesAsMuch(all, node),
      unit: 'times',
      how,
    },
  ];
}

function imageMeasure(system: string, bytes: number | undefined, how: string): Measure {
  return { id: `${system}.image`, label: 'image', value: megabytesOf(bytes), unit: 'MB', how };
}
