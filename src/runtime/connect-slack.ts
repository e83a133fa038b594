import type { WebClient } from '@slack/web-api';
import type { Environment } from '../config/env.js';
import type { StewardConfig } from '../config/steward-schema.js';
import { StartRefusedError } from '../errors.js';
import type { BotIdentity } from '../slack/bolt-app.js';
import { makeSlackClient } from '../slack/client.js';
import { makeOwnWords } from '../slack/own-words.js';
import { platformError } from '../slack/slack-errors.js';

export interface SlackConnection {
  client: WebClient;
  identity: BotIdentity;
}

/** Checks the token once at start and learns who we are. Throws `StartRefusedError` naming the variable. */
export async function connectSlack(
  env: Environment,
  config: Pick<StewardConfig, 'slack'>,
): Promise<SlackConnection> {
  const { botToken, apiUrl } = env.slack;
  if (!botToken)
    throw new StartRefusedError(
      'SLACK_BOT_TOKEN: is not set. Install the app from manifest.yml and copy its bot token, or try `npm run demo`, which needs none.',
    );
  if (!env.slack.appToken && !env.slack.signingSecret) {
    throw new StartRefusedError(
      "SLACK_SIGNING_SECRET: is not set. Copy it from the app's Basic Information, or set SLACK_APP_TOKEN to use Socket Mode.",
    );
  }
  const client = makeSlackClient(botToken, apiUrl, { ownWords: makeOwnWords(config.slack.commands) });
  try {
    const answer = await client.auth.test();
    if (!answer.team_id || !answer.user_id) throw new Error('auth.test named no team');
    return {
      client,
      identity: { botToken, botUserId: answer.user_id, botId: answer.bot_id ?? '', teamId: answer.team_id },
    };
  } catch (error) {
    const code = platformError(error);
    throw new StartRefusedError(
      code
        ? `SLACK_BOT_TOKEN: Slack refuses it (${code}). Copy the bot token again after reinstalling the app.`
        : `SLACK_API_URL: Slack does not answer (${error instanceof Error ? error.message : 'unknown'}). Check the network, then start again.`,
    );
  }
}
