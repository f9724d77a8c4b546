import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { ControlPlaneError, systemErrorCode } from '../control-plane-error.ts';
import type { Platform } from '../platform.ts';
import type { Step } from '../progress.ts';
import { installFile } from './install-file.ts';
import type { Program } from './programs.ts';
import { OFFICIAL_HOSTS, type ReleaseHosts, type ReleaseSource, releaseSource } from './release-sources.ts';

const REACHABLE_WITHIN_MS = 2_000;
/** A download that brings nothing for so long is given up. */
const STALLED_AFTER_MS = 30_000;

/**
 * Whether the hosts of the official releases answer within two seconds. Always false on macOS, for which Kubernetes
 * publishes no servers, and with `CAPSTAN_DOWNLOAD=never`.
 */
export async function isDownloadReachable(
  platform: Platform,
  env: NodeJS.ProcessEnv,
  hosts: ReleaseHosts = OFFICIAL_HOSTS,
): Promise<boolean> {
  if (platform.os !== 'linux' || env['CAPSTAN_DOWNLOAD'] === 'never') return false;
  const answers = await Promise.all([hosts.kubernetes, hosts.github, hosts.githubApi].map(answersSoon));
  return answers.every((answered) => answered);
}

async function answersSoon(url: string): Promise<boolean> {
  const request = { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(REACHABLE_WITHIN_MS) } as const;
  return await fetch(url, request).then(
    (answer) => answer.status < 500,
    () => false,
  );
}

/** What to download, and where to put it. */
export interface DownloadOrder {
  readonly version: string;
  readonly platform: Platform;
  readonly missing: ReadonlySet<Program>;
  readonly destination: string;
  /** An empty directory on the same file system, for what is not complete yet. */
  readonly workDir: string;
  readonly hosts?: ReleaseHosts;
  readonly signal?: AbortSignal | undefined;
}

/** The steps that download the missing programs, one each. A program whose SHA-256 is wrong or unknown is not installed. */
export function downloadSteps(order: DownloadOrder): Step[] {
  return [...order.missing].map((program) => ({
    title: `Downloading ${program}`,
    typicalMs: undefined,
    network: true,
    run: async () => {
      const source = releaseSource(program, order.version, order.platform, order.hosts ?? OFFICIAL_HOSTS);
      try {
        await download(program, source, order);
      } catch (error) {
        if (error instanceof ControlPlaneError || order.signal?.aborted === true || systemErrorCode(error) === 'ENOSPC')
          throw error;
        throw new ControlPlaneError('DownloadFailed', `${source.url}: ${reasonOf(error)}`, { cause: error });
      }
    },
  }));
}

async function download(program: Program, source: ReleaseSource, order: DownloadOrder): Promise<void> {
  const expected = source.checksumIn(await (await get(source.checksumUrl, order.signal)).text());
  if (expected === undefined)
    throw new ControlPlaneError('DownloadFailed', `${source.checksumUrl} names no SHA-256 for ${program}`);
  const file = join(order.workDir, `${program}.download`);
  const actual = await save(source.url, file, order.signal);
  if (actual !== expected) {
    throw new ControlPlaneError('DownloadFailed', `${source.url} has SHA-256 ${actual}, but ${expected} was published`);
  }
  if (source.member !== undefined) await promisify(execFile)('tar', ['-xzf', file, '-C', order.workDir, source.member]);
  const finished = source.member === undefined ? file : join(order.workDir, source.member);
  await installFile(finished, join(order.destination, program));
}

/** Streams a file to disk and gives its SHA-256. */
async function save(url: string, file: string, signal: AbortSignal | undefined): Promise<string> {
  const stalled = new AbortController();
  const timer = setTimeout(
    () => stalled.abort(new Error(`nothing came for ${STALLED_AFTER_MS / 1_000} s`)),
    STALLED_AFTER_MS,
  );
  const hash = createHash('sha256');
  try {
    const answer = await get(url, AbortSignal.any([stalled.signal, ...(signal === undefined ? [] : [signal])]));
    if (answer.body === null) throw new Error('an answer without a body');
    await pipeline(
      answer.body,
      async function* (parts: AsyncIterable<Uint8Array>) {
        for await (const part of parts) {
          timer.refresh();
          hash.update(part);
          yield part;
        }
      },
      createWriteStream(file),
    );
    return hash.digest('hex');
  } finally {
    clearTimeout(timer);
  }
}

async function get(url: string, signal: AbortSignal | undefined): Promise<Response> {
  const answer = await fetch(url, { headers: { 'user-agent': 'capstan' }, signal: signal ?? null });
  if (!answer.ok) throw new ControlPlaneError('DownloadFailed', `${url}: HTTP ${answer.status}`);
  return answer;
}

/** `fetch` hides what went wrong in the cause of its error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
