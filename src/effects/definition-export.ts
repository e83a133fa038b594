import path from 'node:path';
import type { Asset } from '../catalog/asset.js';
import { sourceIdentities } from '../catalog/sync.js';
import type { LoadedConfig } from '../config/load-config.js';
import { type EditedFile, plainPatch } from '../definitions/patch/make-patch.js';
import { findAndEdit, folderFiles, type NoEdit } from '../definitions/patch/source-files.js';
import { cardKind, channelCardKey, type DefinitionRow, referenceOf } from '../definitions/record.js';
import { remindOfApproved } from '../definitions/remind.js';
import { openRepository, readRepositories } from '../definitions/repositories/registry.js';
import { RepositoryError } from '../definitions/repositories/repository.js';
import { settleApproved } from '../definitions/seen-in-source.js';
import { exportKind } from '../definitions/subject.js';
import { refreshCards } from '../jobs/outgoing.js';
import { ownLink } from '../links/what-link.js';
import type { EffectServices, RegisteredEffect } from './effect.js';
import { permalinkOf } from './permalink.js';
import { makeSchedule } from './schedules.js';

const everyMs = 10 * 60_000;
const patienceMs = 8_000;

/**
 * Writes the patch of every approved change that has none yet, keeps the link of its decision log, and where the source has a repository makes a branch
 * and a pull request there. An approval wakes it at once; what a repository refused is tried again every ten minutes and said on the card, and whoever
 * looks after it is reminded.
 */
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
      await proposeAll(services, loaded, now);
      await remindOfApproved(services, now);
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
  const made = asset === undefined ? null : await patchOf(services, loaded, asset, change);
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

/** Place of an asset's source in steward.yml. */
function placeOf(loaded: LoadedConfig, asset: Asset): number {
  return sourceIdentities(loaded.config.catalog.sources).findIndex(
    (identity) => identity.name === asset.source,
  );
}

function repositoryOf(services: EffectServices, loaded: LoadedConfig, asset: Asset) {
  const repository = readRepositories(loaded.config.catalog.sources)[placeOf(loaded, asset)];
  return !repository
    ? null
    : openRepository(repository, {
        fetch: services.fetch,
        signal: AbortSignal.timeout(patienceMs),
        secret: services.secret,
      });
}

/** From the repository, where there is one; else from the folder that the source is read from. */
async function patchOf(
  services: EffectServices,
  loaded: LoadedConfig,
  asset: Asset,
  change: DefinitionRow,
): Promise<EditedFile | null> {
  try {
    const repository = repositoryOf(services, loaded, asset);
    const edited = repository === null ? null : await findAndEdit(repository, asset, change);
    if (edited !== null && typeof edited === 'object') return edited;
  } catch (error) {
    services.log.warn({ err: error, change: change.id }, 'a repository could not be read');
  }
  const entry = loaded.config.catalog.sources[placeOf(loaded, asset)];
  for (const folder of [entry?.project, entry?.path]) {
    if (typeof folder !== 'string') continue;
    const edited = await findAndEdit(folderFiles(path.resolve(loaded.baseDir, folder)), asset, change);
    if (typeof edited === 'object') return edited;
  }
  return null;
}

async function proposeAll(services: EffectServices, loaded: LoadedConfig, now: Date): Promise<void> {
  const waiting = await services.db
    .selectFrom('definition_change')
    .selectAll()
    .where('state', '=', 'approved')
    .where('patch', 'is not', null)
    .where('pull_request_url', 'is', null)
    .orderBy('updated_at')
    .limit(5)
    .execute();
  // One that does not answer is waited for once in a run: the others come first the next time.
  const until = performance.now() + patienceMs;
  for (const change of waiting) {
    await proposeOne(services, loaded, change, now);
    if (performance.now() > until) return;
  }
}

async function proposeOne(
  services: EffectServices,
  loaded: LoadedConfig,
  change: DefinitionRow,
  now: Date,
): Promise<void> {
  const asset = services.catalog.current().view.get(change.asset_id);
  if (asset === undefined || !loaded.config.catalog.sources[placeOf(loaded, asset)]?.repository) return;
  const branch = `steward/${referenceOf(change).toLowerCase()}`;
  const outcome = await pullRequest(services, loaded, { asset, change, branch });
  await services.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('definition_change')
      .set(
        'url' in outcome
          ? { branch, pull_request_url: outcome.url, pull_request_error: null, updated_at: now }
          : { pull_request_error: outcome.error, updated_at: now },
      )
      .where('id', '=', change.id)
      .execute();
    await refreshCards(trx, { kind: cardKind, id: change.id }, now);
  });
}

const noEditWords: Record<NoEdit, string> = {
  'no-file':
    'The repository has no file where the source had this definition: it moved since the last read, or the branch, folder or token of steward.yml leads elsewhere.',
  'says-it': 'The repository says so already, and its source was not read since.',
  'no-place': 'The repository has no file with this definition that can be edited without harm.',
};

/** Edits the file as the repository has it at this moment, so that nothing of what was merged meanwhile is undone. */
async function pullRequest(
  services: EffectServices,
  loaded: LoadedConfig,
  params: { asset: Asset; change: DefinitionRow; branch: string },
): Promise<{ url: string } | { error: string }> {
  const { asset, change, branch } = params;
  try {
    const repository = repositoryOf(services, loaded, asset);
    if (repository === null) return { error: noEditWords['no-file'] };
    const edited = await findAndEdit(repository, asset, change);
    if (typeof edited === 'string') return { error: noEditWords[edited] };
    const what = change.kind === 'change' ? 'New definition of' : 'Deprecate';
    return await repository.propose({
      branch,
      path: edited.path,
      text: edited.text,
      title: `${what} ${asset.name} (${referenceOf(change)})`,
      body: bodyOf(services, change),
    });
  } catch (error) {
    services.log.warn({ err: error, change: change.id }, 'a repository did not take a change');
    return {
      error: error instanceof RepositoryError ? error.message : 'The repository did not answer.',
    };
  }
}

/** Why, and where it was decided. Words that people wrote are quoted, so that they cannot give orders in Markdown (`/merge`, `Closes #1`, mentions). */
function bodyOf(services: EffectServices, change: DefinitionRow): string {
  const own = ownLink(services.config.slack.links.own, referenceOf(change));
  return [
    `Approved in Steward as ${referenceOf(change)}; ${change.kind === 'change' ? 'holds from' : 'last day'} ${change.effective_date}.`,
    ...(change.thread_permalink === null ? [] : [`Decision log: ${change.thread_permalink}`]),
    ...(own === null ? [] : [`In Slack: ${own}`]),
    'Why:',
    ['```', change.reason.replaceAll('```', "'''"), '```'].join('\n'),
    'Steward never merges: the definition is in force once the source is read with it.',
  ].join('\n\n');
}

/** Link of the thread in which it was decided. */
async function decisionLog(services: EffectServices, change: DefinitionRow): Promise<string | null> {
  const message = await services.db
    .selectFrom('slack_message')
    .select(['channel_id', 'ts'])
    .where('key', '=', channelCardKey(change.id))
    .executeTakeFirst();
  if (!message?.channel_id || !message.ts) return null;
  return permalinkOf(services, message.channel_id, message.ts);
}
