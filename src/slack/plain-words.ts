import type { Services } from '../services.js';

const person = /<@([UW][A-Z0-9]+)(?:\|([^>]*))?>/g;

/**
 * Slack's tokens for people, channels, links and addresses as somebody would have typed them: what goes into a title, a reason or a note is
 * read by people, in places where no token is live.
 */
export async function plainWords(
  services: Pick<Services, 'db' | 'directory'>,
  text: string,
): Promise<string> {
  const names = new Map<string, string>();
  for (const [, id = '', label = ''] of text.matchAll(person))
    if (!names.has(id))
      names.set(id, label || ((await services.directory.bySlackId(services.db, id))?.name ?? 'somebody'));
  return text
    .replaceAll(person, (_, id: string) => `@${names.get(id) ?? 'somebody'}`)
    .replaceAll(/<#[CG][A-Z0-9]+\|([^>]+)>/g, '#$1')
    .replaceAll(/<!subteam\^[A-Z0-9]+\|@?([^>]+)>/g, '@$1')
    .replaceAll(/<mailto:([^|>]+)(?:\|[^>]*)?>/g, '$1')
    .replaceAll(/<(https?:\/\/[^|>\s]+)(?:\|[^>]*)?>/g, '$1');
}
