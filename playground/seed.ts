import { randomBytes } from 'node:crypto';
import type { PlaygroundOptions } from './options.js';
import type { ChannelRecord, PersonRecord } from './state/records.js';
import type { PlayState } from './state/state.js';
import type { PlayApp, World } from './world.js';

/** Puts the company into the state: what is new is added, what is known is brought up to date, nothing is taken away. */

/** Ids that read well in a log and stay the same over restarts: `U0MAYA`, `C0DATAQUESTIONS`. */
export function idFor(prefix: string, name: string): string {
  return `${prefix}0${name.toUpperCase().replace(/[^A-Z0-9]/g, '')}`;
}

export function seedTeam(options: PlaygroundOptions): World['team'] {
  const { id, name, domain } = options.team;
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return { id: id ?? idFor('T', name), name, domain: domain ?? slug };
}

/** The installed app; tokens are made once and kept. */
export function seedApp(options: PlaygroundOptions, state: PlayState): PlayApp {
  const name = options.manifest.display_information.name;
  const token = (key: string, given: string | undefined, prefix: string): string => {
    const made = given ?? state.meta.get(key) ?? `${prefix}${randomBytes(18).toString('hex')}`;
    state.meta.put(key, made);
    return made;
  };
  return {
    id: idFor('A', name),
    name,
    bot_user_id: idFor('U', name),
    bot_id: idFor('B', name),
    botToken: token('botToken', options.botToken, 'xoxb-play-'),
    appToken: token('appToken', options.appToken, 'xapp-play-'),
  };
}

export function seedCompany(
  options: PlaygroundOptions,
  state: PlayState,
  team: World['team'],
  app: PlayApp,
  now: Date,
): void {
  const created = Math.floor(now.getTime() / 1000);
  const botName = options.manifest.features?.bot_user.display_name ?? app.name;
  state.people.put(app.bot_user_id, {
    ...blankPerson(app.bot_user_id, botName.toLowerCase().replace(/\s+/g, '-'), team.id),
    real_name: app.name,
    is_bot: true,
  });
  for (const input of options.people) {
    const id = input.id ?? idFor('U', input.name);
    const known = state.people.get(id);
    state.people.put(id, {
      ...(known ?? blankPerson(id, input.name, input.foreignTeamId ?? team.id)),
      name: input.name,
      real_name: input.realName ?? input.name,
      email: input.email ?? `${input.name}@${team.domain}.example`,
      title: input.title ?? '',
      teams: input.teams ?? [],
      roles: input.roles ?? [],
      tz: input.tz ?? 'Etc/UTC',
      is_bot: input.bot === true,
      is_guest: input.guest === true,
      deleted: input.deleted === true,
      status_text: known?.status_text ?? input.statusText ?? '',
      status_emoji: known?.status_emoji ?? input.statusEmoji ?? '',
    });
  }
  const idOf = (ref: string): string[] => {
    if (ref === app.name.toLowerCase() || ref === botName || ref === app.bot_user_id)
      return [app.bot_user_id];
    const person = state.people.values().find((p) => p.id === ref || p.name === ref || p.email === ref);
    return person === undefined ? [] : [person.id];
  };
  for (const input of options.teams ?? []) {
    const id = input.id ?? idFor('S', input.handle);
    if (state.usergroups.get(id) !== undefined) continue;
    state.usergroups.put(id, {
      id,
      handle: input.handle,
      name: input.name ?? input.handle,
      description: '',
      users: input.members.flatMap(idOf),
      date_delete: 0,
      created,
    });
  }
  const everyone = state.people.values().filter((p) => !p.is_guest && !p.deleted && p.team_id === team.id);
  for (const input of options.channels) {
    const id = input.id ?? idFor('C', input.name);
    if (state.channels.get(id) !== undefined) continue;
    const channel: ChannelRecord = {
      id,
      name: input.name,
      kind: input.private === true ? 'private' : 'public',
      topic: input.topic ?? '',
      purpose: input.purpose ?? '',
      archived: false,
      general: input.name === 'general',
      members:
        input.members === undefined ? everyone.map((p) => p.id) : [...new Set(input.members.flatMap(idOf))],
      created,
      creator: everyone.find((p) => !p.is_bot)?.id ?? app.bot_user_id,
    };
    state.channels.put(id, channel);
  }
}

function blankPerson(id: string, name: string, teamId: string): PersonRecord {
  return {
    id,
    name,
    real_name: name,
    email: '',
    title: '',
    teams: [],
    roles: [],
    tz: 'Etc/UTC',
    is_bot: false,
    is_guest: false,
    deleted: false,
    status_text: '',
    status_emoji: '',
    team_id: teamId,
  };
}
