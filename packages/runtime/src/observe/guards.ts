import type { ManagerContext, Runnable } from '../runnable.ts';
import { HotLoopGuard } from './hot-loop-guard.ts';
import { MemoryGuard } from './memory-guard.ts';

/** Tells in the log what would otherwise be found out too late: hot loops, large caches, memory near its limit. */
export function guards({ clock, log, runners, passes, hotLoops }: ManagerContext): Runnable {
  const guard = new HotLoopGuard({ clock, log });
  const memory = new MemoryGuard({ clock, log, runners });
  let unsubscribe = () => {};
  return {
    name: 'guards',
    start: async () => {
      unsubscribe = passes.subscribe((pass) => {
        if (guard.look(pass)) hotLoops.publish(pass);
      });
      memory.start();
    },
    stop: async () => {
      unsubscribe();
      memory.stop();
    },
  };
}
