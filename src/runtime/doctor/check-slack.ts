import { z } from 'zod';
import type { Environment } from '../../config/env.js';
import { makeSlackClient } from '../../slack/client.js';
import { botScopes } from '../../slack/manifest.js';
import { platformError } from '../../slack/slack-errors.js';
import { reasonOf, type Say } from './say.js';

/** Token, scopes, clock and way of delivery. */
export async function checkSlack(env: Environment, say: Say): Promise<void> {
  await checkToken(env, say);
  await checkDelivery(env, say);
}

async function checkToken(env: Environment, say: Say): Promise<void> {
  const { botToken, apiUrl } = env.slack;
  if (!botToken)
    return say(
      'Slack token',
      'error',
      'SLACK_BOT_TOKEN is not set',
      "copy the bot token from the app's OAuth page",
    );
  const client = makeSlackClient(botToken, apiUrl);
  try {
    const answer = await client.auth.test();
    say(
      'Slack token',
      'ok',
      `${answer.user ?? 'the bot'} in ${answer.team ?? 'a workspace'} (${answer.team_id ?? '?'})`,
    );
    const granted = new Set(answer.response_metadata?.scopes ?? []);
    const lacking = botScopes.filter((use) => granted.size > 0 && !granted.has(use.scope));
    for (const use of lacking)
      say(
        'Slack scopes',
        use.optional ? 'warning' : 'error',
        `${use.scope} is missing. ${use.without}`,
        'reinstall the app from manifest.yml',
      );
    if (granted.size > 0 && lacking.length === 0) say('Slack scopes', 'ok', `${granted.size} granted`);
    const offset = Math.abs(Date.now() - Date.parse(dateOf(answer))) / 1000;
    if (Number.isFinite(offset) && offset > 60)
      say(
        'Clock',
        'error',
        `this machine is ${Math.round(offset)} s away from Slack's clock; signatures will be refused`,
        'switch on time synchronisation',
      );
  } catch (error) {
    say(
      'Slack token',
      'error',
      `Slack refuses it or does not answer (${platformError(error) ?? reasonOf(error)})`,
      'copy the bot token again; check the network',
    );
  }
}

async function checkDelivery(env: Environment, say: Say): Promise<void> {
  const { signingSecret, appToken, apiUrl } = env.slack;
  if (appToken) {
    try {
      // It asks for an address and connects to none: the process that serves keeps its own.
      await makeSlackClient(appToken, apiUrl).apps.connections.open();
      say('Slack delivery', 'ok', 'Socket Mode: no public address is needed');
    } catch (error) {
      say(
        'Slack delivery',
        'error',
        `Slack opens no Socket Mode connection for SLACK_APP_TOKEN (${platformError(error) ?? reasonOf(error)})`,
        'make an app-level token with connections:write in Basic Information, and switch Socket Mode on',
      );
    }
  } else if (signingSecret)
    say('Slack delivery', 'ok', `HTTP on port ${env.port}: POST /slack/events must be reachable from Slack`);
  else
    say(
      'Slack delivery',
      'error',
      'neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set',
      "copy the signing secret from the app's Basic Information",
    );
}

/** Slack's own time, where the reply carries it. */
function dateOf(answer: object): string {
  const parsed = z.looseObject({ headers: z.looseObject({ date: z.string() }) }).safeParse(answer);
  return parsed.success ? parsed.data.headers.date : '';
}
