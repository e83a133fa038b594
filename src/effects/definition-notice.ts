import { z } from 'zod';
import { noticeEffectKind, noticesSent, sendNotices } from '../definitions/notices.js';
import { sendReleaseNote } from '../definitions/release-note.js';
import { releaseEffectKind } from '../definitions/seen-in-source.js';
import { defineEffect, type RegisteredEffect } from './effect.js';

export const definitionEffects: readonly RegisteredEffect[] = [
  // Tells consumers of something deprecated: at the start, half-way and on the last day, or that it stays.
  defineEffect({
    kind: noticeEffectKind,
    queue: 'work',
    payload: z.object({ changeId: z.uuid(), phase: z.enum(noticesSent) }),
    run: async (services, timer, { now }) => {
      await sendNotices(services, { ...timer, now });
      return { done: true };
    },
  }),
  // Tells that a new definition is in force.
  defineEffect({
    kind: releaseEffectKind,
    queue: 'work',
    payload: z.object({ changeId: z.uuid() }),
    run: async (services, { changeId }, { now }) => {
      await sendReleaseNote(services, { changeId, now });
      return { done: true };
    },
  }),
];
