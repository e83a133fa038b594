import { SlackRefusal } from '../api/refusal.js';
import type { Ack } from '../delivery/ack.js';
import { showCommandReply } from '../delivery/response-url.js';
import { findChannel, findPerson, openDirect } from '../directory.js';
import { composeTyped, type TypedNames } from '../mrkdwn.js';
import {
  changeMessage,
  deleteMessage,
  joinChannel,
  leaveChannel,
  postMessage,
  react,
  shown,
} from '../posting.js';
import type { ActReply } from '../protocol.js';
import type { ChannelRecord, PersonRecord } from '../state/records.js';
import { shownView, viewsOf } from '../view-stack.js';
import type { World } from '../world.js';
import { ackFailureText } from './ack-text.js';
import { look, retitle, stop } from './act-agent.js';
import { actClick, actClose, actSubmit } from './act-elements.js';
import { type Act, ofAcks, threadOf } from './acting.js';
import { personOf, visibleChannel, visibleMessage, writableChannel } from './find.js';
import { commandPayload, homeOpenedEvent, shortcutPayload } from './payloads.js';
import { PlayProblem } from './problem.js';

/** Does what a person does, and answers when the app has acked. */

export async function act(world: World, request: Act): Promise<ActReply> {
  const person = personOf(world, request.as);
  if (person.deleted) throw new PlayProblem(409, 'account_inactive', `${person.real_name} has left.`);
  const before = viewsOf(world, person.id)
    .map((view) => view.hash)
    .join();
  const reply = await actions[request.do](world, person, request);
  if (reply.ok && opensViews.has(request.do) && reply.reply === undefined && reply.errors === undefined) {
    await until(
      () =>
        viewsOf(world, person.id)
          .map((view) => view.hash)
          .join() !== before,
      openGraceMs,
    );
  }
  const top = viewsOf(world, person.id).at(-1);
  if (reply.view === undefined && top !== undefined) reply.view = shownView(top);
  return reply;
}

/** Apps open a modal right after the ack; an act waits this long for it, so that its reply can carry the view. */
const openGraceMs = 250;
const opensViews = new Set<Act['do']>(['command', 'click', 'shortcut']);
/** Events are acked before the app works on them: Home is published a moment later. */
const homeGraceMs = 1500;

async function until(come: () => boolean, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (!come() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
}

export function typedNames(world: World): TypedNames {
  return {
    user: (handle) => world.state.people.values().find((p) => p.name === handle)?.id,
    usergroup: (handle) =>
      world.state.usergroups.values().find((g) => g.handle === handle && g.date_delete === 0)?.id,
    channel: (name) => findChannel(world, name)?.id,
    isUser: (id) => world.state.people.get(id) !== undefined,
  };
}

async function ensureMember(world: World, channel: ChannelRecord, person: PersonRecord): Promise<void> {
  if (channel.kind === 'public' && !channel.members.includes(person.id))
    await joinChannel(world, channel, person.id);
}

async function say(world: World, person: PersonRecord, request: Act, mention: boolean): Promise<ActReply> {
  const channel = writableChannel(world, person, request.channel);
  const bot = world.state.people.get(world.app.bot_user_id);
  let text = composeTyped(request.text ?? '', typedNames(world));
  const names = `<@${world.app.bot_user_id}>`;
  if (mention && !text.includes(names)) text = `${names} ${text}`;
  const files = request.files ?? [];
  if (text.trim() === '' && files.length === 0)
    throw new PlayProblem(400, 'no_text', 'There is nothing to say: give text.');
  if (files.some((id) => world.state.files.get(id) === undefined))
    throw new PlayProblem(404, 'file_not_found', 'Upload the file first.');
  const thread = threadOf(world, person, channel, request.thread);
  await ensureMember(world, channel, person);
  const { message, acks } = await postMessage(world, {
    channel,
    user: person.id,
    text,
    files,
    thread_ts: thread,
  });
  const posted = { channel: channel.id, ts: message.ts };
  if (mention && !channel.members.includes(world.app.bot_user_id)) {
    const error = `@${bot?.name ?? world.app.name} is not in #${channel.name}: invite it first.`;
    return { ok: false, ackMs: 0, posted, code: 'app_not_in_channel', error };
  }
  return ofAcks(acks, { posted });
}

async function command(world: World, person: PersonRecord, request: Act): Promise<ActReply> {
  if (request.thread !== undefined) {
    throw new PlayProblem(
      409,
      'no_commands_in_threads',
      'Slash commands cannot be used in threads; mention the app instead.',
    );
  }
  const channel = writableChannel(world, person, request.channel);
  const line = (request.text ?? '').trim();
  const [word = '', ...rest] = line.split(/\s/);
  const known = world.manifest.features?.slash_commands.find((c) => c.command === word.toLowerCase());
  if (known === undefined) {
    throw new PlayProblem(
      404,
      'no_such_command',
      `${word === '' ? 'Nothing' : word} is not a valid command.`,
    );
  }
  const typed = line.slice(word.length).trim();
  const responseUrl = world.responseUrls.make(world, {
    channel: channel.id,
    user: person.id,
    kind: 'commands',
  });
  const text = known.should_escape
    ? composeTyped(typed, typedNames(world)).replace(
        /<@([UW]\w+)>/g,
        (_, id: string) => `<@${id}|${world.state.people.get(id)?.name ?? id}>`,
      )
    : typed;
  void rest;
  const ack = await world.delivery.interact(
    'slash_commands',
    commandPayload(world, { person, channel, command: known.command, text, responseUrl }),
  );
  if (!ack.ok)
    return {
      ok: false,
      ackMs: ack.ms,
      code: ack.reason,
      error: `${known.command} failed. ${ackFailureText(ack)}`,
    };
  if (ack.body === null) return { ok: true, ackMs: ack.ms };
  try {
    const message = await showCommandReply(world, { channel: channel.id, user: person.id, body: ack.body });
    world.responseUrls.answered(world, responseUrl, message);
    return { ok: true, ackMs: ack.ms, reply: shown(world, message) };
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    return refusedReply(ack.ms, error);
  }
}

/** The app acked in time, but with something that Slack would not show. */
export function refusedReply(ackMs: number, error: SlackRefusal): ActReply {
  const why = [error.detail.errors ?? []].flat().join('; ');
  return {
    ok: false,
    ackMs,
    code: error.code,
    error: `The app's answer was refused: ${error.code}${why === '' ? '' : ` (${why})`}.`,
  };
}

async function reaction(world: World, person: PersonRecord, request: Act): Promise<ActReply> {
  const channel = visibleChannel(world, person, request.channel);
  const message = visibleMessage(world, person, channel, request.message ?? '');
  if (message.ephemeral_to !== undefined)
    throw new PlayProblem(409, 'message_not_found', 'One cannot react to an ephemeral message.');
  const name = String(request.value ?? '').replace(/^:|:$/g, '');
  if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(name))
    throw new PlayProblem(400, 'invalid_name', "Give the emoji's name as value.");
  const has = message.reactions.find((r) => r.name === name)?.users.includes(person.id) === true;
  const add = request.remove !== true;
  if (has === add)
    throw new PlayProblem(
      409,
      add ? 'already_reacted' : 'no_reaction',
      add ? 'Already there.' : 'Not there.',
    );
  await ensureMember(world, channel, person);
  return ofAcks(await react(world, message, name, person.id, add));
}

async function shortcut(world: World, person: PersonRecord, request: Act): Promise<ActReply> {
  const wanted = request.callback_id ?? request.action_id ?? request.text ?? request.value;
  const offered = world.manifest.features?.shortcuts ?? [];
  const known = offered.find((s) => s.callback_id === wanted || s.name === wanted);
  if (known === undefined) {
    const names = offered.map((s) => s.callback_id).join(', ');
    throw new PlayProblem(
      404,
      'no_such_shortcut',
      `There is no shortcut "${wanted ?? ''}"; there are: ${names}.`,
    );
  }
  const given = { person, callbackId: known.callback_id };
  if (known.type === 'global')
    return ofInteraction(await world.delivery.interact('interactive', shortcutPayload(world, given)));
  if (request.message === undefined)
    throw new PlayProblem(400, 'no_message', 'A message shortcut needs channel and message.');
  const channel = visibleChannel(world, person, request.channel);
  const message = visibleMessage(world, person, channel, request.message);
  const responseUrl = world.responseUrls.make(world, {
    channel: channel.id,
    user: person.id,
    message,
    kind: 'actions',
  });
  return ofInteraction(
    await world.delivery.interact(
      'interactive',
      shortcutPayload(world, { ...given, on: { channel, message, responseUrl } }),
    ),
  );
}

export function ofInteraction(ack: Ack): ActReply {
  if (ack.ok) return { ok: true, ackMs: ack.ms };
  return { ok: false, ackMs: ack.ms, code: ack.reason, error: ackFailureText(ack) };
}

async function home(world: World, person: PersonRecord, request: Act): Promise<ActReply> {
  const tab = request.tab ?? 'home';
  const channel = visibleChannel(world, person, undefined);
  const known = world.state.views.get(world.state.homes.get(person.id) ?? '');
  const ack = await world.delivery.event(
    'app_home_opened',
    homeOpenedEvent(world, person, channel, tab, tab === 'home' ? known : undefined),
  );
  if (tab === 'home' && ack?.ok === true) {
    const homeHash = (): string | undefined =>
      world.state.views.get(world.state.homes.get(person.id) ?? '')?.hash;
    await until(() => homeHash() !== known?.hash, homeGraceMs);
  }
  const published = world.state.views.get(world.state.homes.get(person.id) ?? '');
  const view = tab === 'home' && published !== undefined ? { view: shownView(published) } : {};
  return ofAcks(ack === null ? [] : [ack], view);
}

async function change(world: World, person: PersonRecord, request: Act): Promise<ActReply> {
  const channel = writableChannel(world, person, request.channel);
  const message = visibleMessage(world, person, channel, request.message ?? '');
  if (message.user !== person.id || message.bot_id !== undefined)
    throw new PlayProblem(403, 'not_yours', "Only one's own messages.");
  if (request.do === 'delete') return ofAcks(await deleteMessage(world, message));
  const previous = structuredClone(message);
  message.text = composeTyped(request.text ?? '', typedNames(world));
  message.edited = { user: person.id, ts: world.messages.nextTs() };
  return ofAcks(await changeMessage(world, message, previous));
}

async function membership(world: World, person: PersonRecord, request: Act): Promise<ActReply> {
  const channel = writableChannel(world, person, request.channel);
  if (request.do === 'leave') {
    if (channel.general)
      throw new PlayProblem(409, 'cant_leave_general', 'Nobody leaves the general channel.');
    return ofAcks(await leaveChannel(world, channel, person.id));
  }
  if (request.do === 'join') return ofAcks(await joinChannel(world, channel, person.id));
  const guest = findPerson(world, String(request.value ?? ''));
  if (guest === undefined)
    throw new PlayProblem(404, 'no_such_person', 'Give the person (or the app) to invite as value.');
  return ofAcks(await joinChannel(world, channel, guest.id, person.id));
}

async function open(world: World, person: PersonRecord, request: Act): Promise<ActReply> {
  const other = findPerson(world, String(request.value ?? ''));
  if (other === undefined) throw new PlayProblem(404, 'no_such_person', 'Give the other person as value.');
  const channel = openDirect(world, [person.id, other.id]);
  return { ok: true, ackMs: 0, posted: { channel: channel.id, ts: '' } };
}

async function status(world: World, person: PersonRecord, request: Act): Promise<ActReply> {
  const [, emoji = '', text = ''] = /^(:[^:]+:)?\s*(.*)$/s.exec(String(request.value ?? '')) ?? [];
  person.status_emoji = emoji;
  person.status_text = text;
  world.state.people.put(person.id, person);
  const { team_id: _team, ...shownPerson } = person;
  world.live.emit({ type: 'person', person: shownPerson });
  const ack = await world.delivery.event('user_change', {
    type: 'user_change',
    user: {
      id: person.id,
      team_id: person.team_id,
      name: person.name,
      profile: { status_text: text, status_emoji: emoji },
    },
    event_ts: world.messages.nextTs(),
  });
  return ofAcks(ack === null ? [] : [ack]);
}

const actions: Record<Act['do'], (world: World, person: PersonRecord, request: Act) => Promise<ActReply>> = {
  command,
  mention: (world, person, request) => say(world, person, request, true),
  message: (world, person, request) => say(world, person, request, false),
  click: actClick,
  submit: actSubmit,
  close: actClose,
  react: reaction,
  shortcut,
  home,
  join: membership,
  leave: membership,
  invite: membership,
  edit: change,
  delete: change,
  open,
  status,
  stop,
  retitle,
  look,
};
