import type { Guard } from './guard.ts';

/** What comes into spec.adoption, or goes from it, gives a component another name: it would start a second time, empty, and the first go. */
export const namesMustStay: Guard = (_cluster, { adoption: { renamed } }) => {
  const [first] = renamed;
  if (first === undefined) return undefined;
  const sentences = renamed.map(({ component, runsAs, wanted }) => `${component} runs as ${runsAs}, not as ${wanted}`);
  const message =
    `By spec.adoption.workloads these would be made anew under other names, and what runs now would go: ${sentences.join('; ')}. ` +
    `Set spec.adoption back; or delete what is not to run any more, ${first.runsAs}, yourself`;
  return { reason: 'AdoptionRefused', message };
};
