import type { Profile } from '../profile.ts';
import { admin } from './admin.ts';
import { proxy } from './proxy.ts';
import { anyRunner } from './runners.ts';

/** What MEMO-035 has people deploy by hand, for installations that were made so and are taken over. */
export const memo035: Profile = { admin, proxy, runners: {}, otherRunner: anyRunner };
