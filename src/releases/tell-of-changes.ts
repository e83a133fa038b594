import { wakeLearning } from '../answers/learning/learn.js';
import type { SyncOptions } from '../catalog/store-snapshot.js';
import { noticeNewDefinitions } from '../definitions/seen-in-source.js';
import type { Services } from '../services.js';
import { draftReleaseNotes } from './draft.js';

/**
 * What follows from a sync, in its transaction: approved definitions that the source now has are in force, the rest of what changed goes into the
 * drafts of its domains, and open and golden questions are asked again.
 */
export function tellOfChanges(
  services: Pick<Services, 'config' | 'directory'>,
  now: Date,
): NonNullable<SyncOptions['onChanges']> {
  const settle = noticeNewDefinitions(now);
  return async (trx, changes) => {
    const announced = await settle(trx, changes);
    await draftReleaseNotes(services, trx, { changes, announced, now });
    await wakeLearning(trx, now);
  };
}
