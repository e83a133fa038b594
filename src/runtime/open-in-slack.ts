import type { HttpResponse } from '../http/server.js';

/**
 * Where Steward's own links lead in a browser: into the direct message with Steward (docs.slack.dev, deep linking). The same for every address, so that
 * nobody learns outside Slack what exists; what the link is about shows in Slack, to who may know it.
 */
export function openInSlack(identity: { teamId: string; botUserId: string }): HttpResponse {
  const location = `slack://user?team=${encodeURIComponent(identity.teamId)}&id=${encodeURIComponent(identity.botUserId)}`;
  return {
    status: 302,
    headers: { location, 'cache-control': 'no-store' },
    body: 'This opens Slack. Post the link in a message to Steward, or in a channel, to see what it is about.',
  };
}
