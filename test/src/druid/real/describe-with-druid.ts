import { druidAvailability } from '@capstan/testkit';
import { describe } from 'vitest';

const availability = await druidAvailability();
if (availability.kind === 'Missing') console.warn(`skipped: ${availability.why}`);

/** `describe` where a real Druid can be started; elsewhere what it holds is skipped, and the reason is printed. */
export const describeWithDruid = describe.skipIf(availability.kind === 'Missing');
