import { loadKubeConfig } from '@capstan/kube';
import { createLogger, Manager } from '@capstan/runtime';
import { streamBusController } from './controller.ts';
import { parseFlags } from './flags.ts';
import { stopSignal } from './stop-signal.ts';

const { kubeconfig, context, namespaces, logLevel, concurrency, lingerImage } = parseFlags(process.argv.slice(2));
const log = createLogger({ level: logLevel });
const signal = stopSignal(log);

try {
  const connection = await loadKubeConfig({
    path: kubeconfig,
    context,
  });
  const controllers = [streamBusController({ concurrency, lingerImage })];
  await new Manager({ connection, controllers, log, namespaces }).run(signal);
} catch (error) {
  log.fatal({ err: error }, 'the operator cannot go on');
  process.exitCode = 1;
}
