import { z } from 'zod';
import { incidentCard } from '../incidents/change.js';
import { channelGone, channelName } from '../incidents/channel.js';
import { type Incident, loadIncident, referenceOf } from '../incidents/incident.js';
import { severityById } from '../incidents/severity.js';
import { addEntry } from '../incidents/timeline.js';
import { postCard, refreshCards } from '../jobs/outgoing.js';
import { isFinal, platformError, retryAfterSeconds } from '../slack/slack-errors.js';
import { defineEffect, type EffectResult, type EffectServices } from './effect.js';

const mostNames = 6;
const mostInvitesAtOnce = 100;
const triesOfAnInvite = 5;

/**
 * Brings the incident's channel to where it should be, from wherever it stands: name, topic, card, pin, bookmarks, people. Each step
 * looks first whether it is done, so a half-made set-up is completed by the next try and nothing is done twice.
 */
export const incidentChannel = defineEffect({
  kind: 'incident.channel',
  queue: 'slack',
  payload: z.object({ incidentId: z.uuid() }),
  async run(services, { incidentId }, { now, attempt }): Promise<EffectResult> {
    const incident = await loadIncident(services.db, incidentId);
    if (
      incident === null ||
      incident.channel_state === 'none' ||
      incident.channel_state === 'gone' ||
      incident.channel_state === 'archived' ||
      incident.state === 'merged'
    )
      return { done: true };
    let channel = incident.channel_id;
    try {
      channel ??= await make(services, incident, attempt, now);
      if (channel === null) return { done: true };
      await topic(services, incident, channel);
      const pinned = await cardIn(services, incident, channel, now);
      await bookmark(services, incident, channel);
      await inviteAll(services, incident, channel, { attempt, now });
      if (incident.channel_state !== 'ready') await ready(services, incident.id, channel, now);
      return pinned ? { done: true } : { again: new Date(now.getTime() + 2_000) };
    } catch (error) {
      const wait = retryAfterSeconds(error);
      if (wait !== null)
        return {
          waitUntil: new Date(now.getTime() + wait * 1_000),
          reason: 'Slack asked for patience (429)',
        };
      const code = platformError(error);
      if (channel !== null && isLost(code)) {
        await channelGone(services, { channelId: channel, now });
        return { done: true };
      }
      throw error;
    }
  },
});

/** The channel itself is no more: no word about a topic, a pin or a person. */
function isLost(code: string | null): boolean {
  return code === 'channel_not_found' || code === 'is_archived';
}

async function make(
  services: EffectServices,
  incident: Incident,
  attempt: number,
  now: Date,
): Promise<string | null> {
  for (let turn = 0; turn < mostNames; turn += 1) {
    const name = channelName(services.config.incidents.channelTemplate, incident, turn);
    try {
      const made = await services.slack.conversations.create({ name, is_private: incident.private });
      if (!made.channel?.id) throw new Error('conversations.create named no channel');
      return await keep(services, incident.id, made.channel.id, name, now);
    } catch (error) {
      const code = platformError(error);
      if (code === 'name_taken') {
        // Ours, when an earlier try made it and its answer was lost; a stranger's is never taken over.
        const mine = attempt > 1 ? await findMine(services, name, incident) : null;
        if (mine !== null) return keep(services, incident.id, mine, name, now);
        continue;
      }
      if (code === 'restricted_action' || code?.startsWith('invalid_name') || code === 'missing_scope') {
        await lose(services, incident, `no channel could be made (${code})`, now);
        return null;
      }
      throw error;
    }
  }
  await lose(services, incident, 'every name for its channel was taken', now);
  return null;
}

async function keep(
  services: EffectServices,
  incidentId: string,
  channelId: string,
  name: string,
  now: Date,
): Promise<string> {
  await services.db
    .updateTable('incident')
    .set({ channel_id: channelId, channel_name: name, updated_at: now })
    .where('id', '=', incidentId)
    .execute();
  return channelId;
}

async function findMine(services: EffectServices, name: string, incident: Incident): Promise<string | null> {
  const me = (await services.slack.auth.test()).user_id;
  let cursor: string | undefined;
  for (let page = 0; page < 10; page += 1) {
    const list = await services.slack.conversations.list({
      exclude_archived: true,
      limit: 200,
      types: incident.private ? 'private_channel' : 'public_channel',
      ...(cursor ? { cursor } : {}),
    });
    const found = (list.channels ?? []).find((channel) => channel.name === name);
    if (found?.id) {
      const used = await services.db
        .selectFrom('incident')
        .select('id')
        .where('channel_id', '=', found.id)
        .executeTakeFirst();
      const created = (found.created ?? 0) * 1000;
      return found.creator === me &&
        used === undefined &&
        created >= incident.created_at.getTime() - 86_400_000
        ? found.id
        : null;
    }
    cursor = list.response_metadata?.next_cursor || undefined;
    if (!cursor) return null;
  }
  return null;
}

async function topic(services: EffectServices, incident: Incident, channel: string): Promise<void> {
  const severity = severityById(services.config, incident.severity).name;
  const wanted =
    `${referenceOf(incident)} · ${severity} · ${incident.state}${incident.drill ? ' · drill' : ''}`.slice(
      0,
      250,
    );
  await decoration(services, async () => {
    // Every change of a topic is a line in the channel: only a topic that no longer holds is set.
    const there = (await services.slack.conversations.info({ channel })).channel?.topic?.value;
    if (there !== wanted) await services.slack.conversations.setTopic({ channel, topic: wanted });
  });
}

/** The live card is the first message and is pinned. False while it is still on its way. */
async function cardIn(
  services: EffectServices,
  incident: Incident,
  channel: string,
  now: Date,
): Promise<boolean> {
  const key = `incident:${incident.id}:main:${channel}`;
  await services.db.transaction().execute((trx) =>
    postCard(trx, {
      key,
      to: { channelId: channel },
      card: { kind: incidentCard, id: incident.id, variant: 'main' },
      now,
    }),
  );
  const message = await services.db
    .selectFrom('slack_message')
    .select(['ts', 'state'])
    .where('key', '=', key)
    .executeTakeFirst();
  if (message?.state === 'gone') return true;
  const ts = message?.ts;
  if (!ts) return false;
  await decoration(services, () => services.slack.pins.add({ channel, timestamp: ts }), ['already_pinned']);
  return true;
}

async function bookmark(services: EffectServices, incident: Incident, channel: string): Promise<void> {
  const links = await services.db
    .selectFrom('incident_link')
    .select(['title', 'url'])
    .where('incident_id', '=', incident.id)
    .where('url', 'is not', null)
    .limit(5)
    .execute();
  const direct = await services.db
    .selectFrom('incident_asset')
    .select(['asset_id', 'name'])
    .where('incident_id', '=', incident.id)
    .where('relation', '=', 'direct')
    .limit(3)
    .execute();
  const { view } = services.catalog.current();
  const wanted = [
    ...links.map(({ title, url }) => ({ title, link: url ?? '' })),
    ...direct.map(({ asset_id, name }) => ({ title: name, link: view.get(asset_id)?.url ?? '' })),
  ].filter(({ link }) => /^https?:\/\//.test(link));
  if (wanted.length === 0) return;
  await decoration(services, async () => {
    const there = new Set(
      (await services.slack.bookmarks.list({ channel_id: channel })).bookmarks?.map(({ link }) => link),
    );
    for (const { title, link } of wanted) {
      if (there.has(link)) continue;
      there.add(link);
      await services.slack.bookmarks.add({
        channel_id: channel,
        title: title.slice(0, 100),
        type: 'link',
        link,
      });
    }
  });
}

/**
 * In one call; where Slack refuses the batch one by one, so that one bad person never fails the rest. What passes by itself is no word about
 * a person: after the others these are tried again.
 */
async function inviteAll(
  services: EffectServices,
  incident: Incident,
  channel: string,
  params: { attempt: number; now: Date },
): Promise<void> {
  // Each batch notes everybody in it, so that the next one is of others.
  while ((await inviteSome(services, incident, channel, params)) === mostInvitesAtOnce);
}

/** How many were looked at. */
async function inviteSome(
  services: EffectServices,
  incident: Incident,
  channel: string,
  { attempt, now }: { attempt: number; now: Date },
): Promise<number> {
  const people = await services.db
    .selectFrom('incident_member')
    .innerJoin('person', 'person.id', 'incident_member.person_id')
    .select(['person.id', 'person.slack_id'])
    .where('incident_member.incident_id', '=', incident.id)
    .where('incident_member.joined', '=', true)
    .where('incident_member.invited_at', 'is', null)
    .where('incident_member.invite_error', 'is', null)
    .where('person.status', '=', 'active')
    .limit(mostInvitesAtOnce)
    .execute();
  const reachable = people.flatMap(({ id, slack_id }) =>
    slack_id === null ? [] : [{ id, slackId: slack_id }],
  );
  for (const { id, slack_id } of people)
    if (slack_id === null) await note(services, incident.id, id, 'no Slack account', now);
  if (reachable.length === 0) return people.length;
  try {
    await services.slack.conversations.invite({
      channel,
      users: reachable.map(({ slackId }) => slackId).join(','),
    });
    for (const { id } of reachable) await note(services, incident.id, id, null, now);
  } catch (error) {
    if (platformError(error) === null || isLost(platformError(error))) throw error;
    const again: unknown[] = [];
    for (const { id, slackId } of reachable) {
      try {
        await services.slack.conversations.invite({ channel, users: slackId });
        await note(services, incident.id, id, null, now);
      } catch (single) {
        const code = platformError(single);
        if (code === null || isLost(code)) throw single;
        if (!isFinal(code) && code !== 'missing_scope' && attempt < triesOfAnInvite) {
          again.push(single);
          continue;
        }
        await note(
          services,
          incident.id,
          id,
          code === 'already_in_channel' || code === 'cant_invite_self' ? null : code,
          now,
        );
      }
    }
    if (again.length > 0) throw again[0];
  }
  return people.length;
}

async function note(
  services: EffectServices,
  incidentId: string,
  personId: string,
  error: string | null,
  now: Date,
): Promise<void> {
  await services.db
    .updateTable('incident_member')
    .set(error === null ? { invited_at: now } : { invite_error: error })
    .where('incident_id', '=', incidentId)
    .where('person_id', '=', personId)
    .execute();
}

async function ready(
  services: EffectServices,
  incidentId: string,
  channel: string,
  now: Date,
): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('incident')
      .set({ channel_state: 'ready', updated_at: now })
      .where('id', '=', incidentId)
      .where('channel_state', '=', 'wanted')
      // Not where it was lost meanwhile.
      .where('channel_id', '=', channel)
      .execute();
    await refreshCards(trx, { kind: incidentCard, id: incidentId }, now);
  });
}

/** No channel, and its incident says so; one that cannot be made is not asked for again. */
async function lose(services: EffectServices, incident: Incident, why: string, now: Date): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('incident')
      .set({ channel_state: 'gone', channel_id: null, updated_at: now })
      .where('id', '=', incident.id)
      .execute();
    await addEntry(trx, {
      incidentId: incident.id,
      at: now,
      kind: 'state',
      text: `${referenceOf(incident)} has no channel of its own: ${why}. ${incident.private ? 'Its people find it in `/incident list`' : 'It goes on in its announcement'}`,
      now,
    });
    await refreshCards(trx, { kind: incidentCard, id: incident.id }, now);
  });
}

/** Topic, pin and bookmarks are decoration: refused is logged, patience is kept. */
async function decoration(
  services: EffectServices,
  step: () => Promise<unknown>,
  fine: readonly string[] = [],
): Promise<void> {
  try {
    await step();
  } catch (error) {
    const code = platformError(error);
    if (retryAfterSeconds(error) !== null || code === null || isLost(code)) throw error;
    if (!fine.includes(code)) services.log.info({ code }, 'a part of the channel could not be decorated');
  }
}
