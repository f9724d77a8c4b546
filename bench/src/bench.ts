import packageJson from '../package.json' with { type: 'json' };
import { Arena } from './arena.ts';
import type { Section } from './measure.ts';
import { createClusters } from './phases/create.ts';
import { observeIdleOperator } from './phases/idle.ts';
import { importRuntime } from './phases/import.ts';
import type { Phase, Scene } from './phases/phase.ts';
import { removeClusters } from './phases/remove.ts';
import { repairChildren } from './phases/repair.ts';
import { restartOperator } from './phases/restart.ts';
import { observeSteadyState } from './phases/steady.ts';
import { type BenchResults, thisMachine } from './results.ts';
import type { Subject } from './subjects/subject.ts';

/** Wanted, but not to be had yet. */
const notMeasured = ['event-loop delay of the operator: only its own metrics tell it, which the bench does not read'];

/** The parts of a run in order, with what is said while each runs. */
const phases: readonly (readonly [string, Phase])[] = [
  ['importing the runtime', importRuntime],
  ['watching an operator with no resources for 30 s', observeIdleOperator],
  ['making clusters', createClusters],
  ['watching the settled system for 60 s', observeSteadyState],
  ['restarting the operator', restartOperator],
  ['deleting a child of each', repairChildren],
  ['deleting all clusters', removeClusters],
];

/**
 * Runs an operator through its life with many clusters on a control plane of its own, and measures it from outside. Nothing
 * here asserts: it only tells.
 *
 * @param say is told what is being done
 */
export async function bench(subject: Subject, clusters: number, say: (text: string) => void): Promise<BenchResults> {
  const names = Array.from({ length: clusters }, (_, index) => `bench-${String(index + 1).padStart(4, '0')}`);
  const machine = thisMachine();
  say('starting a control plane');
  await using arena = await Arena.open(subject);
  const sections: Section[] = [];
  for (const [text, phase] of phases) {
    say(text);
    sections.push(await whole(phase, { arena, names }));
  }
  say('stopping');
  return {
    operator: subject.system,
    date: new Date().toISOString(),
    versions: { capstan: packageJson.version, node: process.versions.node, kubernetes: arena.plane.version },
    machine,
    clusters,
    sections,
    notMeasured,
  };
}

/** Why a part of the run fails is most often known to the operator alone, whose log is gone afterwards. */
async function whole(phase: Phase, scene: Scene): Promise<Section> {
  try {
    return await phase(scene);
  } catch (error) {
    const warning = await scene.arena.lastWarning();
    if (warning === undefined || !(error instanceof Error)) throw error;
    throw new Error(`${error.message}; the operator last warned: ${warning}`, { cause: error });
  }
}
