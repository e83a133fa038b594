import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Asset } from '../catalog/asset.js';
import { sourceIdentities } from '../catalog/sync.js';
import type { LoadedConfig } from '../config/load-config.js';
import { makePatch, plainPatch } from '../definitions/patch/make-patch.js';
import { cardKind, channelCardKey, type DefinitionRow } from '../definitions/record.js';
import { settleApproved } from '../definitions/seen-in-source.js';
import { exportKind } from '../definitions/subject.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { EffectServices, RegisteredEffect } from './effect.js';
import { makeSchedule } from './schedules.js';

const everyMs = 10 * 60_000;
const largestFile = 4_000_000;
const filesAtMost = 50;

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
      await settleApproved(services.db, now);
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
  const made = asset === undefined ? null : await patchOf(loaded, asset, change);
  const permalink = await decisionLog(services, change);
  await services.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('definition_change')
      .set({
        patch: made?.patch ?? plainPatch(asset?.name ?? change.asset_name, change),
        patch_file: made?.path ?? null,
        thread_permalink: permalink,
        updated_at: now,
      })
      .where('id', '=', change.id)
      .where('patch', 'is', null)
      .execute();
    await refreshCards(trx, { kind: cardKind, id: change.id }, now);
  });
}

/** The first file of its source that holds the definition once, changed; null where none does or none can be edited without harm. */
async function patchOf(
  loaded: LoadedConfig,
  asset: Asset,
  change: DefinitionRow,
): Promise<{ path: string; patch: string } | null> {
  const name = asset.provenance.description?.file ?? asset.provenance['*']?.file;
  if (name === undefined) return null;
  const entries = loaded.config.catalog.sources;
  const at = sourceIdentities(entries).findIndex((identity) => identity.name === asset.source);
  const entry = entries[at];
  for (const folder of [entry?.project, entry?.path]) {
    if (typeof folder !== 'string') continue;
    const root = path.resolve(loaded.baseDir, folder);
    for (const file of await yamlFilesFor(root, name)) {
      const text = await readInside(root, file);
      const patch = text === null ? null : makePatch({ path: file, text }, asset, change);
      if (patch !== null) return { path: file, patch };
    }
  }
  return null;
}

/** The YAML file itself; for a query the YAML files beside it and above it, nearest first: that is where its words stand. */
async function yamlFilesFor(root: string, name: string): Promise<string[]> {
  if (isYaml(name)) return [name];
  const found: string[] = [];
  for (let folder = path.posix.dirname(name); folder !== '.' && folder !== '/'; ) {
    const names = await readdir(path.join(root, folder)).catch(() => []);
    found.push(
      ...names
        .filter(isYaml)
        .sort()
        .map((one) => path.posix.join(folder, one)),
    );
    folder = path.posix.dirname(folder);
  }
  return found.slice(0, filesAtMost);
}

function isYaml(name: string): boolean {
  return /\.ya?ml$/i.test(name);
}

/** A path that leads out of the source's folder is not followed. */
async function readInside(root: string, file: string): Promise<string | null> {
  try {
    const top = await realpath(root);
    const full = await realpath(path.resolve(top, file));
    if (!full.startsWith(`${top}${path.sep}`) || (await stat(full)).size > largestFile) return null;
    return await readFile(full, 'utf8');
  } catch {
    // Not there: the next one, or plain instructions.
    return null;
  }
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
