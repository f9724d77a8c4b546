import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DRUID_VERSION, hasJars } from './jars.ts';
import { findJava, WANTED_JAVA } from './java.ts';
import { hasMaven, runMaven } from './maven.ts';

/** Whether a real Druid can be started on this machine, or one sentence about what is missing. */
export type DruidAvailability = { readonly kind: 'Available' } | { readonly kind: 'Missing'; readonly why: string };

/**
 * Whether a real Druid can be started here: Java 17 is installed, and its jars are in the cache or Maven can fetch them. Where
 * the cache lacks some, Maven is asked for one small file, which takes a few seconds and is the only way to know.
 */
export async function druidAvailability(env: NodeJS.ProcessEnv = process.env): Promise<DruidAvailability> {
  const java = await findJava(env);
  if (java === undefined) return missing(`no Java found: install Java ${WANTED_JAVA}, or set JAVA_HOME`);
  if (java.major !== WANTED_JAVA) {
    return missing(`Druid ${DRUID_VERSION} runs on Java ${WANTED_JAVA}, found ${java.major}: set JAVA_HOME`);
  }
  const cached = await Promise.all([hasJars('server'), hasJars('kafka'), hasJars('basic-security')]);
  if (cached.every(Boolean)) return { kind: 'Available' };
  if (!(await hasMaven(env))) return missing('Maven (mvn), which fetches its jars, is not installed');
  return await askMaven();
}

function missing(why: string): DruidAvailability {
  return { kind: 'Missing', why: `a real Druid cannot be started here: ${why}` };
}

async function askMaven(): Promise<DruidAvailability> {
  const workDir = await mkdtemp(join(tmpdir(), 'capstan-maven-'));
  const artifact = `org.apache.druid:druid:${DRUID_VERSION}:pom`;
  try {
    await runMaven(['dependency:get', `-Dartifact=${artifact}`, '-Dtransitive=false'], workDir);
    return { kind: 'Available' };
  } catch {
    return missing(
      `Maven cannot fetch ${artifact}: is the repository of its settings.xml, or Maven Central, reachable?`,
    );
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}
