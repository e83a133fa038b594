import type { Asset } from '../catalog/asset.js';
import { commitLinksOf } from '../catalog/sync.js';
import type { Viewer } from '../catalog/visibility.js';
import type { Services } from '../services.js';
import { answerQuestion } from './answer.js';
import type { Answer } from './answer-types.js';
import { type AnswerInput, makeAnswerContext } from './context.js';
import type { Intent } from './intent.js';
import { ownerGoneSentence } from './owner-gone.js';
import { type PendingDefinition, pendingDefinition } from './pending-definition.js';
import { namesOfOwners } from './person-names.js';
import { type ChangeWindow, loadLiveNotices, readEvidence } from './read-evidence.js';
import { type MetricValue, readValue } from './values/read-value.js';
import { prepareIndex } from './visible-index.js';
import { lineageOfChange } from './why.js';

export interface Ask {
  question: string;
  /** Set by a subcommand: the words are then the subject alone. */
  intent?: Intent;
  /** Id of the asset that is meant, where the person has chosen it. */
  about?: string;
  viewer: Viewer;
  /** Teams of the audience that steward.yml gives the place of the question; each of them reads along. */
  audience?: readonly string[];
  /** Teams whose channel the place of the question is: of things that fit alike, theirs stand first, as those of the asker's own teams do. */
  placeTeams?: readonly string[];
  now: Date;
}

/** Things answered together whose measurements are read. */
const groupLimit = 40;

export interface Asked {
  answer: Answer;
  /** Whether somebody in no team at all would be told the very same: only then may others read along. */
  openToAll: boolean;
  /** Whether everybody who reads along in the place may: all, or each team of its audience for itself. */
  openToPlace: boolean;
  /** An approved definition that the source does not have yet. */
  pending: PendingDefinition | null;
  /** Said where whoever owns it has left. */
  ownerGone: string | null;
  /** Asked for a number: what the source's own query gave for this asker, where values are switched on. */
  value: MetricValue | null;
}

/**
 * Answers a question with what the database knows of the assets it is about: versions, notices, measurements. The first pass finds what is
 * meant, the second one answers with the evidence of exactly that; both are computed in memory. Reads only.
 */
export async function askQuestion(services: Services, ask: Ask): Promise<Asked> {
  const catalog = services.catalog.current();
  const { view, index } = catalog;
  const rules = services.config.catalog.visibility;
  const audience = ask.audience ?? [];
  const readers = [ask.viewer, { teams: [] }, ...audience.map((team) => ({ teams: [team] }))];
  for (const reader of readers) await prepareIndex(catalog, reader, rules);
  const tieOutMaxAgeMs = services.config.catalog.tieOutMaxAge;
  const base: AnswerInput = {
    view,
    index,
    now: ask.now,
    viewer: ask.viewer,
    rules,
    tieOutMaxAgeMs,
    placeTeams: ask.placeTeams ?? [],
  };
  const asked = {
    question: ask.question,
    ...(ask.intent === undefined ? {} : { intent: ask.intent }),
    ...(ask.about === undefined ? {} : { about: ask.about }),
  };
  const first = answerQuestion({ ...base, ...asked });
  const about = aboutOf(first);
  const deep = first.subject !== undefined || first.group !== undefined;
  const change = changeWindow(first, base);
  const evidence: Partial<AnswerInput> =
    about.length === 0
      ? {}
      : await readEvidence(services.db, view, about, ask.now, {
          deep,
          commits: commitLinksOf(services.config.catalog.sources),
          own: services.config.slack.links.own,
          ...(change && { change }),
        });
  const found = first.outcome === 'answered' && first.level === 'open' ? first.subject : undefined;
  const value =
    found !== undefined && first.intent === 'value' && found.kind === 'metric'
      ? await readValue(services, found, ask.viewer, ask.now)
      : null;
  const whole: AnswerInput & typeof asked = {
    ...base,
    ...evidence,
    personName: await namesOfOwners(services.db, [
      ...about,
      ...first.assets.map(({ asset }) => asset),
      ...about.flatMap(({ id }) => (evidence.versionsOf?.(id) ?? []).map(({ asset }) => asset)),
    ]),
    ...asked,
    // Beside the source's own number an answer does not say that it states none.
    ...(value?.shown ? { numberShown: true } : {}),
  };
  // a list says of everything whether it may be relied on, and so looks at what is announced of anything
  if (first.intent === 'list') whole.noticesOf = await loadLiveNotices(services.db, ask.now);
  const answer = about.length === 0 && first.intent !== 'list' ? first : answerQuestion(whole);
  const said = contentOf(answer);
  const toldTo = (teams: readonly string[]): boolean =>
    contentOf(answerQuestion({ ...whole, viewer: { teams } })) === said;
  const openToAll = rules.length === 0 || toldTo([]);
  const openToPlace = openToAll || (audience.length > 0 && audience.every((team) => toldTo([team])));
  const pending = found ? await pendingDefinition(services.db, found.id) : null;
  const ownerGone = found ? await ownerGoneSentence(services, services.db, found) : null;
  return { answer, openToAll, openToPlace, pending, ownerGone, value };
}

/** Asked why something changed: since when, and what can explain it. */
function changeWindow({ subject, eventsFrom }: Answer, base: AnswerInput): ChangeWindow | undefined {
  if (subject === undefined || eventsFrom === undefined) return undefined;
  const { around } = lineageOfChange(subject, makeAnswerContext(base));
  return { from: eventsFrom, lineage: around.map(({ asset }) => asset) };
}

/** What evidence is read of: the one thing, the things that are answered together, or the nearest. */
function aboutOf({ subject, group, items, assets }: Answer): Asset[] {
  if (subject) return [subject];
  if (group !== undefined) return (items ?? []).slice(0, groupLimit).map(({ asset }) => asset);
  return assets.slice(0, 5).map(({ asset }) => asset);
}

/** Everything that a card may show of an answer: two people whose answers differ in any of it are not told the same. */
function contentOf({ text, facts, items, events, offers, verdict, assets, level }: Answer): string {
  return JSON.stringify([
    text,
    level,
    facts,
    items?.map(({ asset, note }) => [asset.id, note]),
    events,
    offers.map(({ asset, tellsApart }) => [asset.id, tellsApart]),
    verdict,
    assets.map(({ asset }) => asset.id),
  ]);
}
