import type { AdminProfile, ComponentProfile, RunnerProfile, ServedPort } from './component-profile.ts';

/** How all components of a cluster run unless the resource says otherwise. */
export interface Profile {
  readonly admin: AdminProfile;
  readonly proxy: ComponentProfile & { readonly serves: ServedPort };
  /** The runners there are, by their names without `-runner`. */
  readonly runners: Readonly<Record<string, RunnerProfile>>;
  /** Any other runner; its image is `<name>-runner`. */
  readonly otherRunner: Omit<RunnerProfile, 'image'>;
}
