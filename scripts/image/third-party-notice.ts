import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundledPackage, keyOf } from './bundled-packages.ts';

const ownLicense = fileURLToPath(new URL('../../LICENSE', import.meta.url));
const rule = '-'.repeat(80);
const legalFile = /^(licen[cs]e|notice|copying)(\.|-|$)/i;

/**
 * The text that goes with a bundle: our own licence, each package of somebody else with its licence and notice files whole, and then
 * the legal comments that stood in the code.
 * @param legalComments as esbuild collected them, one text per program
 */
export async function thirdPartyNotice(
  packages: readonly BundledPackage[],
  legalComments: readonly string[],
): Promise<string> {
  const theirs = packages.filter(({ isOurs }) => !isOurs);
  const sections = await Promise.all(theirs.map(sectionOf));
  const comments = [...new Set(legalComments.map((text) => text.trim()))].filter((text) => text !== '');
  const ours = (await readFile(ownLicense, 'utf8')).trim();
  const head =
    'The programs beside this file are under this licence. They contain code of the packages below, under their own.';
  return `${[head, ours, ...sections, ...comments].join(`\n\n${rule}\n\n`)}\n`;
}

async function sectionOf(found: BundledPackage): Promise<string> {
  const files = (await readdir(found.folder)).filter((name) => legalFile.test(name)).toSorted();
  const texts = await Promise.all(files.map((name) => readFile(join(found.folder, name), 'utf8')));
  const title = `${keyOf(found)} (${found.license ?? 'no licence named'})`;
  const none = files.length === 0 ? ['The package comes without a licence file.'] : [];
  return [title, ...texts.map((text) => text.replaceAll('\r\n', '\n').trim()), ...none].join('\n\n');
}
