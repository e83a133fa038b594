import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Asset } from '../catalog/asset.js';
import { sourceIdentities } from '../catalog/sync.js';
import type { LoadedConfig } from '../config/load-config.js';
import { makePatch, plainPatch } from '../definitions/patch/make-patch.js';
import { cardKind, channelCardKey, type DefinitionRow } from '../definitions/record.js';
import { exportKind } from '../definitions/subject.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { EffectServices, RegisteredEffect } from './effect.js';
import { makeSchedule } from './schedules.js';

const everyMs = 10 * 60_000;
const largestFile = 4_000_000;

/** Writes the patch of every approved change that has none yet, and keeps the link of its decision log. An approval wakes it at once. */
export function definitionExport(loaded: LoadedConfig): RegisteredEffect {
  return makeSchedule({
    kind: exportKind,
    everyMs,
    run: async (services, now) => {
      const waiting = await services.db
        .selectFrom('definition_change')
        .selectAll()
        .where('state', 'in', ['approved', 'in-source'])
        .where('patch', 'is', null)
        .orderBy('number')
        .limit(20)
        .execute();
      for (const change of waiting) await exportOne(services, loaded, change, now);
    },
  });
}

async function exportOne(
  services: EffectServices,
  loaded: LoadedConfig,
  change: DefinitionRow,
  now: Date,
): Promise<void> {
  const asset = services.catalog.current().view.get(change.asset_id);
  const file = asset === undefined ? null : await sourceFile(loaded, asset);
  const patch = asset === undefined || file === null ? null : makePatch(file, asset, change);
  const permalink = await decisionLog(services, change);
  await services.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('definition_change')
      .set({
        patch: patch ?? plainPatch(asset?.name ?? change.asset_name, change),
        patch_file: patch === null ? null : (file?.path ?? null),
        thread_permalink: permalink,
        updated_at: now,
      })
      .where('id', '=', change.id)
      .where('patch', 'is', null)
      .execute();
    await refreshCards(trx, { kind: cardKind, id: change.id }, now);
  });
}

/** The file that holds the definition, under the folder of its source: a path that leads out of it is not followed. */
async function sourceFile(
  loaded: LoadedConfig,
  asset: Asset,
): Promise<{ path: string; text: string } | null> {
  const name = asset.provenance.description?.file ?? asset.provenance['*']?.file;
  if (name === undefined || !/\.ya?ml$/i.test(name)) return null;
  const entries = loaded.config.catalog.sources;
  const at = sourceIdentities(entries).findIndex((identity) => identity.name === asset.source);
  const entry = entries[at] as Record<string, unknown> | undefined;
  for (const folder of [entry?.project, entry?.path]) {
    if (typeof folder !== 'string') continue;
    try {
      const root = await realpath(path.resolve(loaded.baseDir, folder));
      const full = await realpath(path.resolve(root, name));
      if (!full.startsWith(`${root}${path.sep}`) || (await stat(full)).size > largestFile) continue;
      return {
        path: path.relative(root, full).replaceAll(path.sep, '/'),
        text: await readFile(full, 'utf8'),
      };
    } catch {
      // Not there: the next folder, or plain instructions.
    }
  }
  return null;
}

/** Link of the thread in which it was decided; decoration, so a failure costs only the link. */
async function decisionLog(services: EffectServices, change: DefinitionRow): Promise<string | null> {
  const message = await services.db
    .selectFrom('slack_message')
    .select(['channel_id', 'ts'])
    .where('key', '=', channelCardKey(change.id))
    .executeTakeFirst();
  if (!message?.channel_id || !message.ts) return null;
  try {
    const answer = await services.slack.chat.getPermalink({
      channel: message.channel_id,
      message_ts: message.ts,
    });
    return answer.permalink ?? null;
  } catch (error) {
    services.log.warn({ err: error, change: change.id }, 'the link of a decision log could not be read');
    return null;
  }
}
