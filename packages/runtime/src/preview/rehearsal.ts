import type { Plan } from '../controller/plan.ts';

/** A runner's work while nothing may be changed: what `preview` gives it. Event sources are not started under it. */
export interface Rehearsal {
  /** Told of each plan, before it is judged. */
  planned(plan: Plan): void;
}
