import { z } from 'zod';
import { toSlackMessage } from '../messages.js';
import { messageAudience, react, shown, storeMessage } from '../posting.js';
import type { BookmarkRecord, MessageRecord } from '../state/records.js';
import { nowSeconds, type World } from '../world.js';
import { joinedChannel, knownMessage } from './access.js';
import { bool, int, text, timestamp } from './arguments.js';
import { defineMethod } from './define-method.js';
import type { Method } from './method.js';
import { refuse } from './refusal.js';

/** Pins, bookmarks and reactions: what is attached to a channel or a message. */

const byChannel = { channel: 'channel_not_found' };
const pinsPerChannel = 100;
const bookmarksPerChannel = 100;
/** At most 23 of one person and 50 different ones on a message (Slack's help pages on reactions). */
const reactionsPerPerson = 23;
const emojiPerMessage = 50;

/** How a message is named, and what is refused where it is not. */
const byItem = { ...byChannel, timestamp: 'no_item_specified' };
const byForm = { timestamp: 'bad_timestamp' };
const itemRefusals = [
  'channel_not_found',
  'not_in_channel',
  'message_not_found',
  'no_item_specified',
  'bad_timestamp',
];

function bookmarkOf(world: World, channel: string, id: string): BookmarkRecord {
  const bookmark = world.state.bookmarks.get(id);
  if (bookmark?.channel_id !== channel) refuse('not_found');
  return bookmark;
}

/** Skin tones ride on the name; anything else unknown is refused by form only, as workspaces add their own. */
function checkEmoji(name: string): string {
  const bare = name.replace(/^:|:$/g, '');
  if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(bare) || bare.length > 100) refuse('invalid_name');
  return bare;
}

function reactionTarget(world: World, args: { channel: string; timestamp: string }): MessageRecord {
  const channel = joinedChannel(world, args.channel);
  return knownMessage(world, channel.id, args.timestamp);
}

export const markMethods: Method[] = [
  defineMethod({
    name: 'pins.add',
    tier: 't2',
    scopes: ['pins:write'],
    refusals: ['already_pinned', 'too_many_pins', ...itemRefusals],
    args: z.strictObject({ channel: text, timestamp }),
    missing: byItem,
    malformed: byForm,
    run: (world, args) => {
      const channel = joinedChannel(world, args.channel);
      const message = knownMessage(world, channel.id, args.timestamp);
      const key = `${channel.id}:${message.ts}`;
      if (world.state.pins.get(key) !== undefined) refuse('already_pinned');
      if (world.state.pins.values().filter((p) => p.channel === channel.id).length >= pinsPerChannel)
        refuse('too_many_pins');
      world.state.pins.put(key, {
        channel: channel.id,
        ts: message.ts,
        user: world.app.bot_user_id,
        created: nowSeconds(world),
      });
      world.live.emit(
        { type: 'message_changed', message: shown(world, message) },
        messageAudience(world, message),
      );
      storeMessage(world, {
        channel,
        user: world.app.bot_user_id,
        text: `<@${world.app.bot_user_id}> pinned a message to this channel.`,
        subtype: 'pinned_item',
      });
      void world.delivery.event('pin_added', {
        type: 'pin_added',
        user: world.app.bot_user_id,
        channel_id: channel.id,
        item: { type: 'message', channel: channel.id, message: toSlackMessage(world, message) },
        event_ts: world.messages.nextTs(),
      });
      return {};
    },
  }),
  defineMethod({
    name: 'pins.remove',
    tier: 't2',
    scopes: ['pins:write'],
    refusals: ['no_pin', ...itemRefusals],
    args: z.strictObject({ channel: text, timestamp }),
    missing: byItem,
    malformed: byForm,
    run: (world, args) => {
      const channel = joinedChannel(world, args.channel);
      const message = knownMessage(world, channel.id, args.timestamp);
      const key = `${channel.id}:${message.ts}`;
      if (world.state.pins.get(key) === undefined) refuse('no_pin');
      world.state.pins.delete(key);
      world.live.emit(
        { type: 'message_changed', message: shown(world, message) },
        messageAudience(world, message),
      );
      void world.delivery.event('pin_removed', {
        type: 'pin_removed',
        user: world.app.bot_user_id,
        channel_id: channel.id,
        item: { type: 'message', channel: channel.id, message: toSlackMessage(world, message) },
        has_pins: true,
        event_ts: world.messages.nextTs(),
      });
      return {};
    },
  }),
  defineMethod({
    name: 'pins.list',
    tier: 't2',
    scopes: ['pins:read'],
    refusals: ['channel_not_found', 'not_in_channel'],
    args: z.strictObject({ channel: text }),
    missing: byChannel,
    run: (world, args) => {
      const channel = joinedChannel(world, args.channel);
      const pins = world.state.pins.values().filter((p) => p.channel === channel.id);
      return {
        items: pins.flatMap((p) => {
          const message = world.messages.get(p.channel, p.ts);
          if (message === undefined) return [];
          return [
            {
              type: 'message',
              channel: p.channel,
              created: p.created,
              created_by: p.user,
              message: toSlackMessage(world, message),
            },
          ];
        }),
      };
    },
  }),
  defineMethod({
    name: 'bookmarks.add',
    tier: 't2',
    scopes: ['bookmarks:write'],
    refusals: [
      'channel_not_found',
      'not_in_channel',
      'invalid_bookmark_type',
      'invalid_link',
      'too_many_bookmarks',
    ],
    args: z.strictObject({
      channel_id: text,
      title: text,
      type: text,
      link: text.optional(),
      emoji: text.optional(),
      entity_id: text.optional(),
      parent_id: text.optional(),
      access_level: text.optional(),
    }),
    missing: { channel_id: 'channel_not_found' },
    run: (world, args) => {
      const channel = joinedChannel(world, args.channel_id);
      if (args.type !== 'link') refuse('invalid_bookmark_type');
      if (args.link === undefined || !/^https?:\/\//.test(args.link) || !URL.canParse(args.link))
        refuse('invalid_link');
      if (args.title.length === 0 || args.title.length > 255)
        refuse('invalid_arguments', '[ERROR] title must be 1 to 255 characters');
      const all = world.state.bookmarks.values().filter((b) => b.channel_id === channel.id);
      if (all.length >= bookmarksPerChannel) refuse('too_many_bookmarks');
      const at = nowSeconds(world);
      const bookmark: BookmarkRecord = {
        id: world.state.nextId('Bk'),
        channel_id: channel.id,
        title: args.title,
        link: args.link,
        emoji: args.emoji ?? '',
        type: 'link',
        created: at,
        updated: at,
        rank: String(all.length),
      };
      world.state.bookmarks.put(bookmark.id, bookmark);
      return {
        bookmark: {
          ...bookmark,
          date_created: at,
          date_updated: at,
          entity_id: null,
          icon_url: null,
          last_updated_by_user_id: world.app.bot_user_id,
          last_updated_by_team_id: world.team.id,
          shortcut_id: null,
          app_id: null,
        },
      };
    },
  }),
  defineMethod({
    name: 'bookmarks.edit',
    tier: 't2',
    scopes: ['bookmarks:write'],
    refusals: ['channel_not_found', 'not_in_channel', 'not_found', 'invalid_link'],
    args: z.strictObject({
      channel_id: text,
      bookmark_id: text,
      title: text.optional(),
      link: text.optional(),
      emoji: text.optional(),
    }),
    missing: { channel_id: 'channel_not_found' },
    run: (world, args) => {
      const channel = joinedChannel(world, args.channel_id);
      const bookmark = bookmarkOf(world, channel.id, args.bookmark_id);
      if (args.link !== undefined && !URL.canParse(args.link)) refuse('invalid_link');
      bookmark.title = args.title ?? bookmark.title;
      bookmark.link = args.link ?? bookmark.link;
      bookmark.emoji = args.emoji ?? bookmark.emoji;
      bookmark.updated = nowSeconds(world);
      world.state.bookmarks.put(bookmark.id, bookmark);
      return { bookmark };
    },
  }),
  defineMethod({
    name: 'bookmarks.remove',
    tier: 't2',
    scopes: ['bookmarks:write'],
    refusals: ['channel_not_found', 'not_in_channel', 'not_found'],
    args: z.strictObject({ channel_id: text, bookmark_id: text, quip_section_id: text.optional() }),
    missing: { channel_id: 'channel_not_found' },
    run: (world, args) => {
      const channel = joinedChannel(world, args.channel_id);
      world.state.bookmarks.delete(bookmarkOf(world, channel.id, args.bookmark_id).id);
      return {};
    },
  }),
  defineMethod({
    name: 'bookmarks.list',
    tier: 't3',
    scopes: ['bookmarks:read'],
    refusals: ['channel_not_found', 'not_in_channel'],
    args: z.strictObject({ channel_id: text }),
    missing: { channel_id: 'channel_not_found' },
    run: (world, args) => {
      const channel = joinedChannel(world, args.channel_id);
      return { bookmarks: world.state.bookmarks.values().filter((b) => b.channel_id === channel.id) };
    },
  }),
  defineMethod({
    name: 'reactions.add',
    tier: 't3',
    scopes: ['reactions:write'],
    refusals: ['already_reacted', 'invalid_name', 'too_many_emoji', 'too_many_reactions', ...itemRefusals],
    args: z.strictObject({ channel: text, name: text, timestamp }),
    missing: { ...byItem, name: 'invalid_name' },
    malformed: byForm,
    run: (world, args) => {
      const name = checkEmoji(args.name);
      const message = reactionTarget(world, args);
      const same = message.reactions.find((r) => r.name === name);
      const isMine = (users: string[]): boolean => users.includes(world.app.bot_user_id);
      if (same !== undefined && isMine(same.users)) refuse('already_reacted');
      if (message.reactions.filter((r) => isMine(r.users)).length >= reactionsPerPerson)
        refuse('too_many_reactions');
      if (same === undefined && message.reactions.length >= emojiPerMessage) refuse('too_many_emoji');
      void react(world, message, name, world.app.bot_user_id, true);
      return {};
    },
  }),
  defineMethod({
    name: 'reactions.remove',
    tier: 't2',
    scopes: ['reactions:write'],
    refusals: ['no_reaction', 'invalid_name', ...itemRefusals],
    args: z.strictObject({ channel: text, name: text, timestamp }),
    missing: { ...byItem, name: 'invalid_name' },
    malformed: byForm,
    run: (world, args) => {
      const name = checkEmoji(args.name);
      const message = reactionTarget(world, args);
      const mine =
        message.reactions.find((r) => r.name === name)?.users.includes(world.app.bot_user_id) === true;
      if (!mine) refuse('no_reaction');
      void react(world, message, name, world.app.bot_user_id, false);
      return {};
    },
  }),
  defineMethod({
    name: 'reactions.get',
    tier: 't3',
    scopes: ['reactions:read'],
    refusals: itemRefusals,
    args: z.strictObject({ channel: text, timestamp, full: bool.optional(), limit: int.optional() }),
    missing: byItem,
    malformed: byForm,
    run: (world, args) => ({
      type: 'message',
      channel: args.channel,
      message: toSlackMessage(world, reactionTarget(world, args)),
    }),
  }),
];
