import { useMemo } from 'react';
import { usePage } from '../state/use-session.js';
import type { MentionResolver } from '../text/rich-text-from-mrkdwn.js';

export interface Mentions extends MentionResolver {
  handle: (id: string) => string | undefined;
}

/** Who `@maya` and what `#data` is. The app answers to its name and its handle. */
export function useMentions(): Mentions {
  const people = usePage((state) => state.people);
  const channels = usePage((state) => state.channels);
  const app = usePage((state) => state.info.app);
  const usergroups = usePage((state) => state.info.usergroups);
  return useMemo(() => {
    const appHandle = people.get(app.bot_user_id)?.name ?? app.name.toLowerCase();
    return {
      user: (handle) => {
        const wanted = handle.toLowerCase();
        if (wanted === appHandle || wanted === app.name.toLowerCase()) return app.bot_user_id;
        return [...people.values()].find((person) => person.name.toLowerCase() === wanted)?.id;
      },
      channel: (name) =>
        [...channels.values()].find((channel) => channel.name === name && channel.kind !== 'im')?.id,
      group: (handle) => usergroups.find((group) => group.handle.toLowerCase() === handle.toLowerCase())?.id,
      handle: (id) => (id === app.bot_user_id ? appHandle : people.get(id)?.name),
    };
  }, [people, channels, app, usergroups]);
}
