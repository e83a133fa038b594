import { z } from 'zod';

/**
 * The parts of a Slack app manifest (schema v2) that decide what the stand-in offers: commands, shortcuts, scopes and
 * subscribed events. The rest of the manifest passes through unread.
 */
export const playManifest = z.object({
  display_information: z.object({ name: z.string().min(1) }),
  features: z
    .object({
      bot_user: z.object({ display_name: z.string().min(1) }),
      app_home: z
        .object({ home_tab_enabled: z.boolean().optional(), messages_tab_enabled: z.boolean().optional() })
        .optional(),
      agent_view: z
        .object({
          suggested_prompts: z.array(z.object({ title: z.string(), message: z.string() })).optional(),
        })
        .optional(),
      slash_commands: z
        .array(
          z.object({
            command: z.string().startsWith('/'),
            description: z.string().default(''),
            usage_hint: z.string().default(''),
            should_escape: z.boolean().default(false),
          }),
        )
        .default([]),
      shortcuts: z
        .array(
          z.object({
            name: z.string(),
            type: z.enum(['global', 'message']),
            callback_id: z.string(),
            description: z.string().default(''),
          }),
        )
        .default([]),
      unfurl_domains: z.array(z.string()).default([]),
    })
    .loose(),
  oauth_config: z.object({
    scopes: z.object({ bot: z.array(z.string()).default([]), bot_optional: z.array(z.string()).default([]) }),
  }),
  settings: z
    .object({
      event_subscriptions: z
        .object({ bot_events: z.array(z.string()).default([]) })
        .default({ bot_events: [] }),
      interactivity: z.object({ is_enabled: z.boolean() }).optional(),
      socket_mode_enabled: z.boolean().optional(),
    })
    .default({ event_subscriptions: { bot_events: [] } }),
});
export type PlayManifest = z.output<typeof playManifest>;

/** What a bot must hold to be sent an event (docs.slack.dev/reference/events); none listed: nothing needed. */
export const eventScopes: Record<string, string[]> = {
  app_mention: ['app_mentions:read'],
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  'message.im': ['im:history'],
  'message.mpim': ['mpim:history'],
  reaction_added: ['reactions:read'],
  reaction_removed: ['reactions:read'],
  member_joined_channel: ['channels:read', 'groups:read'],
  member_left_channel: ['channels:read', 'groups:read'],
  channel_created: ['channels:read'],
  channel_rename: ['channels:read'],
  channel_archive: ['channels:read'],
  channel_unarchive: ['channels:read'],
  channel_deleted: ['channels:read'],
  group_rename: ['groups:read'],
  group_archive: ['groups:read'],
  group_deleted: ['groups:read'],
  group_unarchive: ['groups:read'],
  team_join: ['users:read'],
  user_change: ['users:read'],
  link_shared: ['links:read'],
  pin_added: ['pins:read'],
  pin_removed: ['pins:read'],
  file_shared: ['files:read'],
  subteam_created: ['usergroups:read'],
  subteam_updated: ['usergroups:read'],
  subteam_members_changed: ['usergroups:read'],
  agent_session_stopped: ['assistant:write'],
  agent_session_title_changed: ['assistant:write'],
  app_context_changed: ['assistant:write'],
};
/** Events the stand-in can send; the list in docs/playground.md is checked against it. */
export const knownEvents = [...Object.keys(eventScopes), 'app_home_opened'];

/** Is the app sent this event: subscribed and allowed? */
export function subscribed(manifest: PlayManifest, scopes: ReadonlySet<string>, event: string): boolean {
  if (!manifest.settings.event_subscriptions.bot_events.includes(event)) return false;
  const needed = eventScopes[event] ?? [];
  return needed.length === 0 || needed.some((scope) => scopes.has(scope));
}
