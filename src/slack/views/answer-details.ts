import type { KnownBlock, ModalView } from '@slack/types';
import type { Answer } from '../../answers/answer-types.js';
import type { Fact } from '../../answers/facts.js';
import { isPipeline } from '../../backfills/pipelines.js';
import type { Asset } from '../../catalog/asset.js';
import { type CommitLinks, commitLink } from '../../catalog/file-links.js';
import { commitLinksOf } from '../../catalog/sync.js';
import type { CatalogView } from '../../catalog/view.js';
import type { Services } from '../../services.js';
import { utcWords } from '../../utc-words.js';
import { actions, context, section } from '../blocks.js';
import { escapeMrkdwn, escapeWithTimes, link, truncate } from '../mrkdwn.js';

/** Everything known about one asset, each field with where it was read. */
export function answerDetails(services: Services, answer: Answer): ModalView {
  const blocks: KnownBlock[] = [];
  const commits = commitLinksOf(services.config.catalog.sources);
  for (const fact of answer.facts.slice(0, 40)) {
    blocks.push(section(`*${escapeMrkdwn(fact.label)}*\n${escapeMrkdwn(truncate(fact.value, 2500))}`));
    const places = [...placeOf(fact, commits), ...(fact.links ?? []).map(({ text, url }) => link(url, text))];
    if (places.length > 0) blocks.push(context(...places));
  }
  if (blocks.length === 0) blocks.push(section(escapeMrkdwn(truncate(answer.text, 2900))));
  const read = services.catalog.current().syncedAt;
  if (read) blocks.push(context(`Catalog read ${utcWords(read)}`));
  const rebuilt = answer.subject ? pipelineBehind(services.catalog.current().view, answer.subject) : null;
  const proposing = answer.subject
    ? [
        actions([
          { text: 'Propose a change', actionId: 'answer:propose', value: answer.subject.id },
          ...(rebuilt === null ? [] : [{ text: 'Backfill', actionId: 'backfill:request', value: rebuilt }]),
          {
            text: 'Tell me about changes',
            actionId: 'subscription:start',
            value: answer.subject.id,
            label: 'Tell me when it changes, goes away or breaks',
          },
        ]),
      ]
    : [];
  return {
    type: 'modal',
    callback_id: 'answer-details',
    title: {
      type: 'plain_text',
      text: truncate(answer.subject?.label ?? answer.subject?.name ?? 'Details', 24),
    },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [...blocks.slice(0, 99), ...proposing],
  };
}

/** File, artifact or source that a fact was read from, with the commit or the time of it. */
function placeOf({ source }: Fact, commits: CommitLinks): string[] {
  if (source === undefined) return [];
  const file = source.file === undefined ? '' : `${source.file}${source.line ? `:${source.line}` : ''}`;
  const place = truncate(file || (source.source ?? ''), 300);
  if (place === '') return [];
  const commit =
    source.source === undefined ? undefined : commitLink(commits, source.source, source.revision);
  const isCommit = /^[0-9a-f]{40,64}$/i.test(source.revision ?? '');
  const revision = truncate(isCommit ? (source.revision ?? '').slice(0, 12) : (source.revision ?? ''), 60);
  const at = commit !== undefined && isCommit ? link(commit, revision) : escapeWithTimes(revision);
  return [
    `from ${source.url ? link(source.url, place) : escapeMrkdwn(place)}${revision === '' ? '' : ` at ${at}`}`,
  ];
}

/** Id of the pipeline that rebuilds an asset, or the nearest one that it rests on: the form asks for the rest, and who may see it. */
function pipelineBehind(view: CatalogView, asset: Asset): string | null {
  const rebuilds = [asset, ...view.upstream(asset.id).map((reached) => reached.asset)];
  return rebuilds.find((one) => isPipeline(one) && one.status !== 'deprecated')?.id ?? null;
}
