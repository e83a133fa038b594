import { InvalidInputError } from '../../src/errors.js';
import { incidentByNumber, readNumber, referenceOf } from '../../src/incidents/incident.js';
import { endMute, mute, muteAlertsOf, mutesFor } from '../../src/incidents/mute.js';
import { unplacedWordsForAll, unplacedWork } from '../../src/incidents/unplaced-work.js';
import type { Services } from '../../src/services.js';
import { muteWords } from '../../src/slack/cards/incident-mutes.js';
import { readMute } from '../../src/slack/cards/incident-words.js';
import { escapeMrkdwn, slackDate } from '../../src/slack/mrkdwn.js';
import type { Caller, Reply, Verb } from '../../src/slack/surface.js';
import { act, quietly, said } from './about.js';
import { namedAsset } from './named-asset.js';

/** Silences alerts of one asset, or those that one incident came from, for a while: visible, expiring, audited. */
export const muteVerb: Verb = {
  name: 'mute',
  usage: 'mute <asset|INC-n> for <time> because <why> | mute list | mute end <k>',
  summary: 'silences the alerts of one asset, or those of one incident alone, for a while',
  mode: 'act',
  run: runMute,
};

async function runMute(services: Services, caller: Caller, rest: string): Promise<Reply> {
  const live = await mutesFor(services, caller.person, caller.now);
  if (/^(list)?\s*$/i.test(rest)) {
    const lines = live.map(
      (one, index) => `${index + 1}. ${muteWords({ ...one, startsAt: one.starts_at }, caller.now)}`,
    );
    const muted =
      lines.length === 0
        ? 'Nothing is muted. `mute orders for 2h because …` silences the alerts of one asset.'
        : `Muted: ${lines.join('; ')}.`;
    return {
      text: `${muted}${unplacedNote(services, caller.now)}`,
      visibility: 'asker',
    };
  }
  const ending = /^end\s+(\d+)\s*$/i.exec(rest)?.[1];
  if (ending !== undefined) {
    const one = live[Number(ending) - 1];
    if (one === undefined)
      throw new InvalidInputError('There is no such mute; `mute list` numbers them. Nothing was changed.');
    await endMute(services, { actor: caller.actor, now: caller.now, muteId: one.id });
    return said(`Alerts of ${escapeMrkdwn(one.label)} are heard again.`);
  }
  const wish = readMute(rest, caller.now);
  const number = readNumber(wish.subject);
  if (number !== null) {
    const one = await incidentByNumber(services, caller.person, number);
    const { checks } = await muteAlertsOf(services, {
      ...act(caller, one),
      reason: wish.reason,
      until: wish.until,
    });
    return quietly(
      caller,
      one,
      said(
        `${checks === 1 ? 'The alert' : `The ${checks} alerts`} of ${referenceOf(one)} ${checks === 1 ? 'is' : 'are'} muted until ${slackDate(wish.until)}; what else is wrong with the same data is still heard. \`mute list\` shows it.`,
      ),
    );
  }
  const asset = namedAsset(services, caller, wish.subject, 'Nothing was muted.');
  const { replaced } = await mute(services, {
    actor: caller.actor,
    now: caller.now,
    assetId: asset.id,
    label: asset.name,
    reason: wish.reason,
    until: wish.until,
  });
  return said(
    `Alerts of ${escapeMrkdwn(asset.name)} are muted until ${slackDate(wish.until)}${replaced === null ? '' : ` instead of ${slackDate(replaced)}`}. They are still counted, and \`mute list\` shows it.`,
  );
}

/** Planned work that would be expected in the list and silences nothing. */
function unplacedNote(services: Services, now: Date): string {
  const lines = unplacedWork(services, now).map((one) =>
    escapeMrkdwn(`${unplacedWordsForAll(one)}${one.hidden ? '' : ` (${one.entry.reason})`}`),
  );
  return lines.length === 0
    ? ''
    : ` Planned in steward.yml, but silencing nothing: ${lines.join('; ')}. Its alerts are heard as ever.`;
}
