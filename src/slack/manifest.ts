import { stringify } from 'yaml';
import type { StewardConfig } from '../config/steward-schema.js';
import type { Registrations } from './registrations.js';

/** A bot scope, the feature that needs it, and what stops without it. The README's table is made of this. */
export interface ScopeUse {
  scope: string;
  feature: string;
  without: string;
  optional?: boolean;
}

export const botScopes: readonly ScopeUse[] = [
  {
    scope: 'commands',
    feature: 'Slash commands and shortcuts',
    without: 'No slash command and no shortcut; mentions still work.',
  },
  {
    scope: 'app_mentions:read',
    feature: '`@Steward` in channels and threads',
    without: 'Mentions are not seen.',
  },
  {
    scope: 'assistant:write',
    feature: 'The agent view in direct messages',
    without: 'Direct messages work, without status and suggested prompts.',
  },
  { scope: 'im:history', feature: 'Questions in direct messages', without: 'Direct messages are not read.' },
  {
    scope: 'im:write',
    feature: 'Opening a direct message to someone who must act',
    without: 'Approvers and owners are not told in person.',
  },
  { scope: 'chat:write', feature: 'Every message', without: 'Steward cannot speak.' },
  {
    scope: 'users:read',
    feature: 'Who asks: member, guest, stranger',
    without: 'People who are not in steward.yml with their Slack id are refused.',
  },
  {
    scope: 'users:read.email',
    feature: 'Matching people to steward.yml by e-mail',
    without: 'People need their Slack id in steward.yml.',
  },
  { scope: 'usergroups:read', feature: 'Teams that are Slack user groups', without: 'Such teams are empty.' },
  {
    scope: 'channels:read',
    feature: 'Names and members of public channels',
    without: 'Channels must be given by id.',
  },
  {
    scope: 'channels:join',
    feature: 'Posting where Steward was not invited yet',
    without: 'Invite Steward to each channel by hand.',
  },
  {
    scope: 'channels:manage',
    feature: 'Incident channels: create, topic, invite, archive',
    without: 'Incidents run in the triage channel only.',
  },
  {
    scope: 'groups:write',
    feature: 'Private incident channels',
    without: 'Private incidents have no channel of their own.',
  },
  {
    scope: 'groups:read',
    feature: 'Members of private incident channels',
    without: "Membership follows Steward's own list only.",
  },
  { scope: 'pins:write', feature: 'The pinned incident card', without: 'The card is not pinned.' },
  { scope: 'bookmarks:write', feature: 'Bookmarks in incident channels', without: 'No bookmarks.' },
  { scope: 'files:write', feature: 'Lineage pictures, charts, exports', without: 'Words only, no pictures.' },
  {
    scope: 'reactions:write',
    feature: 'A mark on messages taken into the timeline',
    without: 'Messages are taken in without a mark.',
  },
  { scope: 'links:read', feature: 'Previews of catalog and Steward links', without: 'Links stay bare.' },
  { scope: 'links:write', feature: 'Previews of catalog and Steward links', without: 'Links stay bare.' },
  {
    scope: 'channels:history',
    feature: 'Finding an own message whose answer was lost; timeline edits',
    without: 'A message may appear twice after an outage.',
    optional: true,
  },
  {
    scope: 'groups:history',
    feature: 'The same in private incident channels',
    without: 'The same there.',
    optional: true,
  },
  {
    scope: 'reactions:read',
    feature: 'Timeline and tasks by emoji',
    without: 'Use the message shortcut or `/incident task` instead.',
    optional: true,
  },
];

/** Events the edge itself handles; handlers/events add theirs. */
const edgeEvents = ['agent_session_stopped', 'app_home_opened', 'app_mention', 'message.im'] as const;

/** Event types whose subscription has another name than the event. */
const subscriptionsOf: Record<string, readonly string[]> = {
  message: ['message.channels', 'message.groups'],
};

/** The Slack app manifest, made from what is registered: what is not here does not exist. */
export function buildManifest(
  registrations: Registrations,
  config: StewardConfig,
  params: { url?: string; socketMode?: boolean } = {},
) {
  const url = params.url ?? 'https://steward.example.com/slack/events';
  const events = new Set<string>(edgeEvents);
  for (const handler of registrations.events) {
    for (const name of subscriptionsOf[handler.event] ?? [handler.event]) events.add(name);
  }
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: 'Steward',
      description: 'What a metric means and whether to trust it today; data incidents, access and backfills.',
      background_color: '#1f3a4d',
    },
    features: {
      agent_view: {
        agent_description:
          'Answers what a metric means and whether it may be trusted today, from your catalog.',
        suggested_prompts: [
          { title: 'What does a metric mean?', message: 'What does net revenue retention mean?' },
          { title: 'May I trust it today?', message: 'Is gross margin safe for finance?' },
          { title: 'Why did it change?', message: 'Why did GPU utilisation change since last week?' },
        ],
      },
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'Steward', always_online: true },
      ...(registrations.shortcuts.length > 0
        ? {
            shortcuts: registrations.shortcuts.map((shortcut) => ({
              name: shortcut.name,
              type: shortcut.type,
              callback_id: shortcut.callbackId,
              description: shortcut.description,
            })),
          }
        : {}),
      ...(unfurlDomains(config).length > 0 ? { unfurl_domains: unfurlDomains(config) } : {}),
      slash_commands: registrations.commands.map((command) => ({
        command: config.slack.commands[command.name],
        description: command.summary.slice(0, 2000),
        usage_hint: command.usageHint,
        // Without it `@grace` comes as typed, and nobody can say who that is.
        should_escape: command.namesPeople ?? false,
        ...(params.socketMode ? {} : { url }),
      })),
    },
    oauth_config: {
      scopes: {
        bot: botScopes.filter((use) => !use.optional).map((use) => use.scope),
        bot_optional: botScopes.filter((use) => use.optional).map((use) => use.scope),
      },
    },
    settings: {
      event_subscriptions: {
        ...(params.socketMode ? {} : { request_url: url }),
        bot_events: [...events].sort(),
      },
      interactivity: {
        is_enabled: true,
        ...(params.socketMode ? {} : { request_url: url, message_menu_options_url: url }),
      },
      org_deploy_enabled: false,
      socket_mode_enabled: params.socketMode ?? false,
      token_rotation_enabled: false,
    },
  };
}

/** Hosts whose links Slack tells us of. */
function unfurlDomains(config: StewardConfig): string[] {
  const { own, domains } = config.slack.links;
  return [...new Set([...domains, ...(own === undefined ? [] : [new URL(own).hostname])])];
}

export type AppManifest = ReturnType<typeof buildManifest>;

export function manifestYaml(manifest: AppManifest): string {
  return `# Made by \`npm run steward -- manifest\` from what is registered. Do not edit by hand.\n${stringify(manifest, { lineWidth: 120 })}`;
}
