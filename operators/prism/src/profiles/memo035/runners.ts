import type { RunnerProfile } from '../component-profile.ts';
import { nobody } from '../upstream/identity.ts';

/** Any runner as the memo deploys it: it is told of the proxy, has its backends from the environment and reads no file. */
export const anyRunner: Omit<RunnerProfile, 'image'> = {
  imagePullPolicy: 'Never',
  args: ['--proxy-addr={proxyAddress}'],
  runAs: nobody,
  stop: {},
};
