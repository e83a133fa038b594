import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { StewardConfig } from '../config/steward-schema.js';

const channelId = /^[CDG][A-Z0-9]{6,}$/;

/**
 * steward.yml names channels as people do (`data-incidents`, `#data-incidents`); Slack's API wants ids. Looks all names up once at start
 * and answers a configuration with ids in their place. A name that Slack does not know stays, and is logged.
 */
export async function resolveChannels(
  config: StewardConfig,
  slack: WebClient,
  log: Logger,
): Promise<StewardConfig> {
  if (namesIn(config).length === 0) return config;
  const byName = await channelsByName(slack, log);
  const missing = new Set<string>();
  const idOf = (name: string): string => {
    const bare = name.replace(/^#/, '');
    if (channelId.test(bare)) return bare;
    const id = byName.get(bare.toLowerCase());
    if (id === undefined) missing.add(bare);
    return id ?? bare;
  };
  const optional = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : idOf(name);
  const resolved: StewardConfig = {
    ...config,
    slack: {
      ...config.slack,
      channels: mapValues(config.slack.channels, optional),
      audiences: config.slack.audiences.map((audience) => ({ ...audience, channel: idOf(audience.channel) })),
    },
    teams: config.teams.map((team) =>
      team.channel === undefined ? team : { ...team, channel: idOf(team.channel) },
    ),
    incidents: {
      ...config.incidents,
      triage: { ...config.incidents.triage, channel: optional(config.incidents.triage.channel) },
      executives: { ...config.incidents.executives, channel: optional(config.incidents.executives.channel) },
      rules: config.incidents.rules.map((rule) => ({
        ...rule,
        do: rule.do.map((step) =>
          typeof step.channel === 'string' ? { ...step, channel: idOf(step.channel) } : step,
        ),
      })),
    },
  };
  for (const name of missing)
    log.warn(
      { channel: name },
      'steward.yml names a channel that Slack does not know, or that Steward was not invited to',
    );
  return resolved;
}

function mapValues<Key extends string>(
  record: { [key in Key]?: string | undefined },
  map: (value: string | undefined) => string | undefined,
): { [key in Key]?: string | undefined } {
  const result: { [key in Key]?: string | undefined } = {};
  for (const key in record) result[key] = map(record[key]);
  return result;
}

function namesIn(config: StewardConfig): string[] {
  const names = [
    ...Object.values(config.slack.channels),
    ...config.slack.audiences.map((audience) => audience.channel),
    ...config.teams.map((team) => team.channel),
    config.incidents.triage.channel,
    config.incidents.executives.channel,
    ...config.incidents.rules.flatMap((rule) =>
      rule.do.map((step) => (typeof step.channel === 'string' ? step.channel : undefined)),
    ),
  ];
  return names.filter(
    (name): name is string => name !== undefined && !channelId.test(name.replace(/^#/, '')),
  );
}

async function channelsByName(slack: WebClient, log: Logger): Promise<Map<string, string>> {
  const byName = new Map<string, string>();
  try {
    let cursor: string | undefined;
    do {
      const page = await slack.conversations.list({
        types: 'public_channel,private_channel',
        exclude_archived: true,
        limit: 1000,
        ...(cursor ? { cursor } : {}),
      });
      for (const channel of page.channels ?? [])
        if (channel.id && channel.name) byName.set(channel.name.toLowerCase(), channel.id);
      cursor = page.response_metadata?.next_cursor || undefined;
    } while (cursor);
  } catch (error) {
    log.warn({ err: error }, 'channels could not be listed; names in steward.yml are used as they stand');
  }
  return byName;
}
