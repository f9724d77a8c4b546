import type { ConfigLayout, RunnerConfiguration, RunnerProfile } from '../component-profile.ts';
import { nobody } from './identity.ts';

/**
 * A runner as it is: it listens on no port, so nothing can probe it and no Service leads to it; it ends when its configuration or a
 * backend is not as it should be, and is started again.
 */
function runner(name: ConfigLayout, file: RunnerConfiguration['file'] = 'config.yaml'): RunnerProfile {
  return {
    image: `${name}-runner:latest`,
    imagePullPolicy: 'IfNotPresent',
    args: [`-config=/etc/prism/${file}`],
    runAs: nobody,
    stop: {},
    configuration: { layout: name, file },
  };
}

/** The runners whose source there is. */
export const runners: Readonly<Record<string, RunnerProfile>> = {
  keyvalue: runner('keyvalue'),
  consumer: runner('consumer'),
  producer: runner('producer', 'config.json'),
  mailbox: { ...runner('mailbox'), needsData: true },
  'multicast-registry': runner('multicast-registry'),
};

/** A runner of which nothing is known, such as claimcheck. */
export const otherRunner: Omit<RunnerProfile, 'image'> = {
  imagePullPolicy: 'IfNotPresent',
  args: ['-config=/etc/prism/config.yaml'],
  runAs: nobody,
  stop: {},
  configuration: { layout: 'generic', file: 'config.yaml' },
  mayListen: true,
};
