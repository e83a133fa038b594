import { type PlayManifest, playManifest } from '../manifest.js';
import type { ChannelInput, PersonInput, PlaygroundOptions } from '../options.js';

/** A small company for the playground's own tests. */

export const everyEvent = [
  'app_mention',
  'message.channels',
  'message.groups',
  'message.im',
  'app_home_opened',
  'reaction_added',
  'reaction_removed',
  'member_joined_channel',
  'member_left_channel',
  'link_shared',
  'channel_archive',
  'channel_rename',
  'pin_added',
  'user_change',
];
export const everyScope = [
  'app_mentions:read',
  'assistant:write',
  'bookmarks:read',
  'bookmarks:write',
  'channels:history',
  'channels:join',
  'channels:manage',
  'channels:read',
  'chat:write',
  'commands',
  'files:read',
  'files:write',
  'groups:history',
  'groups:read',
  'groups:write',
  'im:history',
  'im:read',
  'im:write',
  'links:read',
  'links:write',
  'mpim:history',
  'mpim:write',
  'pins:read',
  'pins:write',
  'reactions:read',
  'reactions:write',
  'usergroups:read',
  'usergroups:write',
  'users:read',
  'users:read.email',
  'users.profile:read',
  'team:read',
];

export function testManifest(change: { scopes?: string[]; events?: string[] } = {}): PlayManifest {
  return playManifest.parse({
    display_information: { name: 'Tester' },
    features: {
      bot_user: { display_name: 'tester' },
      app_home: { home_tab_enabled: true, messages_tab_enabled: true },
      slash_commands: [
        { command: '/echo', description: 'Says it again', usage_hint: '[text]' },
        { command: '/form', description: 'Opens a form' },
        { command: '/escaped', description: 'Escapes', should_escape: true },
      ],
      shortcuts: [
        { name: 'Open form', type: 'global', callback_id: 'open_form', description: 'A form' },
        { name: 'About this', type: 'message', callback_id: 'about_this', description: 'A message' },
      ],
      agent_view: {},
      unfurl_domains: ['catalog.example.com'],
    },
    oauth_config: { scopes: { bot: change.scopes ?? everyScope, bot_optional: ['chat:write.customize'] } },
    settings: {
      event_subscriptions: { bot_events: change.events ?? everyEvent },
      interactivity: { is_enabled: true },
    },
  });
}

export const testPeople: PersonInput[] = [
  { name: 'maya', realName: 'Maya Lindqvist', title: 'Finance', teams: ['finance'], tz: 'Europe/Stockholm' },
  { name: 'tom', realName: 'Tom Okafor', title: 'Data engineer', teams: ['data'], roles: ['admin'] },
  { name: 'gil', realName: 'Gil Guest', guest: true },
  { name: 'lea', realName: 'Lea Left', deleted: true },
];
export const testChannels: ChannelInput[] = [
  { name: 'general' },
  { name: 'data-questions', members: ['maya', 'tom', 'gil', 'tester'] },
  { name: 'no-bots', members: ['maya', 'tom'] },
  { name: 'secret', private: true, members: ['tom'] },
  { name: 'war-room', private: true, members: ['tom', 'tester'] },
];

export function testOptions(change: Partial<PlaygroundOptions> = {}): PlaygroundOptions {
  return {
    team: { name: 'Acme', domain: 'acme' },
    manifest: testManifest(),
    people: testPeople,
    teams: [{ handle: 'data-platform', members: ['tom'] }],
    channels: testChannels,
    delivery: { mode: 'socket' },
    ...change,
  };
}
