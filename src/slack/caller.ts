import type { WebClient } from '@slack/web-api';
import type { Person } from '../people/person.js';
import { noteSlackAccount } from '../people/slack-account.js';
import type { Services } from '../services.js';

/** Why somebody is turned away, in words for them. */
export interface Refusal {
  reason: 'guest' | 'stranger' | 'bot' | 'left' | 'unverified' | 'other-team';
  text: string;
}

const refusals = {
  guest:
    'I only work for full members of this workspace. Nothing was done. Ask a colleague who is one to do this for you.',
  stranger:
    'I only work for people of this workspace, and you are here through a shared channel. Nothing was done. Ask your contact here to do this for you.',
  bot: 'I do not take orders from bots. Nothing was done.',
  left: 'Your account is no longer active here. Nothing was done. An administrator of Steward can change that in steward.yml.',
  unverified: 'I could not check who you are just now, so nothing was done. Please try again in a minute.',
  'other-team': 'Steward belongs to another workspace. Nothing was done.',
} as const;

export function refusal(reason: keyof typeof refusals): Refusal {
  return { reason, text: refusals[reason] };
}

export interface IdentityParams {
  slack: WebClient;
  /** The one workspace of this installation. */
  teamId: string;
}

/** How long what Slack said of an unknown person is believed, in milliseconds. */
const seenForMs = 10 * 60_000;

/**
 * Who is this Slack user? Known people come from PostgreSQL; someone new is looked up in Slack once, matched by e-mail to steward.yml, and
 * remembered. Guests, strangers from shared channels, other workspaces and bots are turned away; when it cannot be checked, it is refused.
 */
export function makeIdentity(
  services: Services,
  { slack, teamId }: IdentityParams,
): (slackUserId: string) => Promise<Person | Refusal> {
  const refused = new Map<string, { until: number; refusal: Refusal }>();

  return async function identify(slackUserId) {
    const known = await services.directory.bySlackId(services.db, slackUserId);
    // Who left is looked up again: the word that they are back may have been missed.
    if (known && known.status !== 'left') return admit(known);
    const earlier = refused.get(slackUserId);
    if (earlier && earlier.until > Date.now()) return earlier.refusal;
    let user: Awaited<ReturnType<WebClient['users']['info']>>['user'];
    try {
      user = (await slack.users.info({ user: slackUserId })).user;
    } catch (error) {
      services.log.warn({ err: error, slackUserId }, 'users.info failed; the person is refused for now');
      return refusal('unverified');
    }
    const turnedAway = !user
      ? 'unverified'
      : user.is_bot
        ? 'bot'
        : user.deleted
          ? 'left'
          : isStranger(user, teamId)
            ? 'stranger'
            : null;
    if (turnedAway || !user) {
      const answer = refusal(turnedAway ?? 'unverified');
      if (refused.size > 1_000) refused.clear();
      refused.set(slackUserId, { until: Date.now() + seenForMs, refusal: answer });
      return answer;
    }
    if (known)
      await noteSlackAccount(services.db, {
        slackId: slackUserId,
        deactivated: false,
        now: services.clock.now(),
      });
    const guest = user.is_restricted === true || user.is_ultra_restricted === true;
    return admit(
      await remember(services, slackUserId, {
        name: user.real_name ?? user.name ?? slackUserId,
        email: user.profile?.email ?? null,
        timeZone: user.tz ?? null,
        guest,
      }),
    );
  };
}

function admit(person: Person): Person | Refusal {
  if (person.status !== 'active') return refusal('left');
  if (person.kind === 'guest') return refusal('guest');
  if (person.kind === 'bot') return refusal('bot');
  return person;
}

function isStranger(user: { team_id?: string; is_stranger?: boolean }, teamId: string): boolean {
  return user.is_stranger === true || (user.team_id !== undefined && user.team_id !== teamId);
}

async function remember(
  services: Services,
  slackId: string,
  seen: { name: string; email: string | null; timeZone: string | null; guest: boolean },
): Promise<Person> {
  const { db, directory } = services;
  const now = services.clock.now();
  const email = seen.email?.toLowerCase() ?? null;
  const row = await db.transaction().execute(async (trx) => {
    const byEmail = email
      ? await trx
          .selectFrom('person')
          .select(['id', 'slack_id'])
          .where('email', '=', email)
          // Two accounts at once must not both be taken for the one who is meant.
          .forUpdate()
          .executeTakeFirst()
      : undefined;
    // A second Slack account with the same e-mail stays a person of its own: one of them could be an impostor's.
    if (byEmail && byEmail.slack_id === null) {
      await trx
        .updateTable('person')
        .set({ slack_id: slackId, updated_at: now })
        .where('id', '=', byEmail.id)
        .execute();
      return byEmail;
    }
    return trx
      .insertInto('person')
      .values({
        email: byEmail ? null : email,
        slack_id: slackId,
        name: seen.name,
        time_zone: seen.timeZone,
        manager_id: null,
        kind: seen.guest ? 'guest' : 'member',
        status: 'active',
        origin: 'slack',
        created_at: now,
        updated_at: now,
      })
      .onConflict((conflict) => conflict.column('slack_id').doUpdateSet({ updated_at: now }))
      .returning('id')
      .executeTakeFirstOrThrow();
  });
  const person = await directory.byId(db, row.id);
  if (!person) throw new Error('the person just stored is gone');
  return person;
}
