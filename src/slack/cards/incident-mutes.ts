import { escapeMrkdwn, slackDate } from '../mrkdwn.js';

/** One silence, in a list that everybody reads: what, from when if it has not begun, until when, why. */
export function muteWords(
  mute: { label: string; startsAt: Date; until: Date; reason: string; planned: boolean },
  now: Date,
): string {
  const begins = mute.startsAt > now ? ` from ${slackDate(mute.startsAt)}` : '';
  const kind = mute.planned ? ' (planned work)' : '';
  return `${escapeMrkdwn(mute.label)}${kind}${begins} until ${slackDate(mute.until)}: ${escapeMrkdwn(mute.reason)}`;
}
