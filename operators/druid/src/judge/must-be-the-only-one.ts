import { collisionNote } from '../claims.ts';
import type { Guard } from './guard.ts';

/** Two resources with one supervisor would change it in turns for ever. A setting that two ask for is refused alone. */
export const mustBeTheOnlyOne: Guard = (_ingestion, { rival }) =>
  rival && { reason: 'OwnedByAnother', message: collisionNote(rival) };
