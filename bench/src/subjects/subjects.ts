import { prism } from './prism.ts';
import { streamBus } from './streambus.ts';
import type { Subject } from './subject.ts';

/** The operators that can be measured, the one that is unless told first. A new one is one entry here. */
export const subjects: readonly [Subject, ...Subject[]] = [streamBus, prism];
