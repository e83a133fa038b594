import { utcWords } from '../utc-words.js';

/**
 * Escapes what people or catalogs wrote before it enters mrkdwn or a message's `text`: only these three characters are
 * special, and they are what mentions, links and broadcasts are made of (docs.slack.dev, formatting message text).
 */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * Disarms what would call a whole channel or user group, wherever it stands in a message's top-level `text`. Steward never means to; words of
 * people and catalogs are escaped where they are put in, and this is the last gate for what was forgotten.
 */
export function withoutBroadcasts(text: string): string {
  return text.replace(/<!(?=channel|here|everyone|subteam)/gi, '&lt;!');
}

/** Moments that Slack would show in the reader's own zone, in words instead: a text that is read aloud, or stands in a notification, is not looked at by it. */
export function datesInWords(text: string): string {
  return text.replace(/<!date\^\d+\^[^|<>]*\|([^<>]*)>/g, '$1');
}

/** What stands in a message's top-level `text`: screen readers and notifications know only that. */
export function spokenText(text: string): string {
  return withoutBroadcasts(datesInWords(text));
}

/** Turns escaped text from Slack back into what the person typed. */
export function unescapeMrkdwn(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Cuts at `max` characters with an ellipsis, never through a surrogate pair or an escape sequence. */
export function truncate(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = max - 1;
  const code = text.charCodeAt(end - 1);
  if (code >= 0xd800 && code <= 0xdbff) end -= 1;
  const cut = text.slice(0, end);
  const open = cut.lastIndexOf('&');
  return `${open >= 0 && open > end - 6 && !cut.includes(';', open) ? cut.slice(0, open) : cut}…`;
}

/** A moment that every reader sees in their own zone. */
export function slackDate(at: Date, format = '{date_short_pretty} {time}'): string {
  return `<!date^${Math.floor(at.getTime() / 1000)}^${format}|${utcWords(at)}>`;
}

/** As `escapeMrkdwn`; every reader sees the moments that the text names as `2026-03-02 06:10 UTC` (`utcWords`) in their own zone. */
export function escapeWithTimes(text: string): string {
  return escapeMrkdwn(text).replaceAll(/\b\d{4}-\d\d-\d\d \d\d:\d\d UTC\b/g, (written) => {
    const at = new Date(`${written.slice(0, 10)}T${written.slice(11, 16)}:00Z`);
    return Number.isNaN(at.getTime()) ? written : slackDate(at);
  });
}

/** Mentions a person by Slack id, or names them. */
export function mention(person: { slackId: string | null; name: string }): string {
  return person.slackId ? `<@${person.slackId}>` : escapeMrkdwn(person.name);
}

/** A link whose text cannot break out of it; anything but http, https and mailto is shown as text. */
export function link(url: string, text: string): string {
  if (!/^(https?:\/\/|mailto:)/i.test(url) || /[\s<>|]/.test(url)) return escapeMrkdwn(text);
  return `<${escapeMrkdwn(url)}|${escapeMrkdwn(text).replaceAll('|', '/')}>`;
}
