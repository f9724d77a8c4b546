import type { Profile } from '../profile.ts';
import { admin } from './admin.ts';
import { proxy } from './proxy.ts';
import { otherRunner, runners } from './runners.ts';

/** The binaries as they are, built from the source of October 2025. */
export const upstream: Profile = { admin, proxy, runners, otherRunner };
