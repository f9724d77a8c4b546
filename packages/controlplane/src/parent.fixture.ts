import { startControlPlane } from './index.ts';

/*
 * A process that starts a control plane, says so in one line of JSON, and then waits to be killed by the test.
 * Argument: the directory of the instance.
 */
const dir = process.argv[2] ?? '';
const plane = await startControlPlane({ nodes: 'kwok', dir });
process.stdout.write(`${JSON.stringify(plane.pids)}\n`);
setInterval(() => {}, 2 ** 30);
