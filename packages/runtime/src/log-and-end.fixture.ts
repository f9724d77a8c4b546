import { pbkdf2 } from 'node:crypto';
import { createLogger } from './log.ts';

/** A process whose threads are all at work, so that a write which is only begun comes late; it ends at once after its last words. */
const log = createLogger();
for (let thread = 0; thread < 4; thread += 1) pbkdf2('password', 'salt', 300_000, 64, 'sha512', () => {});
for (let line = 0; line < 100; line += 1) log.info({ line }, 'at work');
log.info('stopped');
log.fatal('last words');
process.exit(1);
