import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { StewardConfig } from '../config/steward-schema.js';

const channelId = /^[CDG][A-Z0-9]{6,}$/;

interface KnownChannels {
  /** Id by name in lower case. */
  byName: Map<string, string>;
  privateIds: Set<string>;
}

/**
 * steward.yml names channels as people do (`data-incidents`, `#data-incidents`); Slack's API wants ids. Looks all names up once at start
 * and answers a configuration with ids in their place. A name that Slack does not know stays, and is logged. An audience that is not seen to be
 * a private channel is left out and logged: anybody may walk into a public one.
 */
export async function resolveChannels(
  config: StewardConfig,
  slack: WebClient,
  log: Logger,
): Promise<StewardConfig> {
  if (namesIn(config).length === 0 && config.slack.audiences.length === 0) return config;
  const { byName, privateIds } = await listChannels(slack, log);
  const missing = new Set<string>();
  const idOf = (name: string): string => {
    const bare = name.replace(/^#/, '');
    if (channelId.test(bare)) return bare;
    const id = byName.get(bare.toLowerCase());
    if (id === undefined) missing.add(bare);
    return id ?? bare;
  };
  const audiences = config.slack.audiences.flatMap((audience) => {
    const channel = idOf(audience.channel);
    if (privateIds.has(channel)) return [{ ...audience, channel }];
    log.warn(
      { channel: audience.channel },
      'slack.audiences names what is not seen to be a private channel with Steward in it; nothing restricted is shown there',
    );
    return [];
  });
  const optional = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : idOf(name);
  const resolved: StewardConfig = {
    ...config,
    slack: {
      ...config.slack,
      channels: mapValues(config.slack.channels, optional),
      audiences,
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
        do: rule.do.map((step) => ('channel' in step ? { ...step, channel: idOf(step.channel) } : step)),
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
      rule.do.map((step) => ('channel' in step ? step.channel : undefined)),
    ),
  ];
  return names.filter(
    (name): name is string => name !== undefined && !channelId.test(name.replace(/^#/, '')),
  );
}

async function listChannels(slack: WebClient, log: Logger): Promise<KnownChannels> {
  const known: KnownChannels = { byName: new Map(), privateIds: new Set() };
  try {
    let cursor: string | undefined;
    do {
      const page = await slack.conversations.list({
        types: 'public_channel,private_channel',
        exclude_archived: true,
        limit: 1000,
        ...(cursor ? { cursor } : {}),
      });
      for (const { id, name, is_private } of page.channels ?? []) {
        if (!id || !name) continue;
        known.byName.set(name.toLowerCase(), id);
        if (is_private === true) known.privateIds.add(id);
      }
      cursor = page.response_metadata?.next_cursor || undefined;
    } while (cursor);
  } catch (error) {
    log.warn({ err: error }, 'channels could not be listed; names in steward.yml are used as they stand');
  }
  return known;
}
