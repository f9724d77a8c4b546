import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { masterSocketFile, runtimeSocketFile } from '../proxy/proxy-config.ts';
import { proxyDirectories } from '../proxy/proxy-settings.ts';
import { jsonLog } from './agent-log.ts';
import { ProxyAgent } from './proxy-agent.ts';
import { runtimeSocket } from './runtime-socket.ts';
import { leaveTerminationMessage } from './termination-message.ts';

const { values } = parseArgs({
  options: {
    tls: { type: 'string', default: proxyDirectories.tls },
    access: { type: 'string', default: proxyDirectories.access },
    run: { type: 'string', default: proxyDirectories.run },
    message: { type: 'string', default: '/dev/termination-log' },
  },
});

// Nothing is left half done by a sudden end: HAProxy drops what was not committed.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));

const log = jsonLog((line) => process.stdout.write(line), Date.now);
const socketPath = join(values.run, runtimeSocketFile);
log('info', 'the agent of the proxy has started', values);
const failure = await new ProxyAgent({
  tlsDirectory: values.tls,
  accessDirectory: values.access,
  socketPath,
  socket: runtimeSocket(socketPath),
  master: runtimeSocket(join(values.run, masterSocketFile)),
  clock: { now: Date.now, sleep: (ms, signal) => setTimeout(ms, undefined, { signal }) },
  log,
}).run(new AbortController().signal);

if (failure !== undefined) {
  log('error', `the agent ends, to be started anew, because this has failed for too long: ${failure}`);
  leaveTerminationMessage(values.message, failure);
}
