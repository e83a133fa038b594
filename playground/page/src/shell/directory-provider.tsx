import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { type Directory, DirectoryContext, type DirectoryEntry } from '../blocks/host.js';
import { UploadContext } from '../blocks/upload-context.js';
import { playNow, type ShownChannel } from '../state/page-state.js';
import { usePage, useSession } from '../state/use-session.js';
import { channelTitle } from './use-channel-title.js';

const tickMs = 30_000;

/** Gives texts and selects their names, and dates their zone and clock. */
export function DirectoryProvider({ children }: { children: ReactNode }): ReactNode {
  const session = useSession();
  const people = usePage((state) => state.people);
  const channels = usePage((state) => state.channels);
  const info = usePage((state) => state.info);
  const me = usePage((state) => state.me);
  const clock = usePage((state) => state.clock);
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((count) => count + 1), tickMs);
    return () => clearInterval(timer);
  }, []);

  const directory = useMemo<Directory>(() => {
    const nameOf = (id: string): string | undefined =>
      id === info.app.bot_user_id ? info.app.name : people.get(id)?.real_name;
    const entryOf = (channel: ShownChannel): DirectoryEntry => ({
      id: channel.id,
      label: channelTitle(channel, me, nameOf),
      detail: channel.purpose,
    });
    const kindWords = { public: 'public', private: 'private', im: 'im', mpim: 'mpim' } as const;
    const rooms = [...channels.values()].filter((channel) => !channel.archived);
    // Read at this moment: a new clock or the next tick makes a new directory.
    void tick;
    void clock;
    return {
      userName: nameOf,
      channelName: (id) => {
        const channel = channels.get(id);
        return channel === undefined ? undefined : channelTitle(channel, me, nameOf).replace(/^#/, '');
      },
      usergroupHandle: (id) => info.usergroups.find((group) => group.id === id)?.handle,
      users: () =>
        [...people.values()]
          .filter((person) => !person.deleted)
          .map((person) => ({ id: person.id, label: person.real_name, detail: `@${person.name}` })),
      channels: () =>
        rooms.filter((channel) => channel.kind === 'public' || channel.kind === 'private').map(entryOf),
      conversations: (include) =>
        rooms
          .filter((channel) => include === undefined || include.includes(kindWords[channel.kind]))
          .map(entryOf),
      openChannel: (id) => session.go({ channel: id }),
      openMessage: (message) => void session.openMessage(message),
      openPerson: (id) => void session.openPerson(id),
      fileUrl: (id) => session.api.url(`/_play/file?id=${encodeURIComponent(id)}`),
      me,
      dates: { now: playNow(session.getState()), timeZone: safeZone(people.get(me)?.tz) },
    };
  }, [session, people, channels, info, me, clock, tick]);

  const upload = useMemo(
    () => async (file: File) => {
      try {
        return (await session.api.upload(session.getState().me, file)).file.id;
      } catch (error) {
        session.notify(error instanceof Error ? error.message : 'The file could not be uploaded.', 'error');
        return undefined;
      }
    },
    [session],
  );
  return (
    <DirectoryContext value={directory}>
      <UploadContext value={upload}>{children}</UploadContext>
    </DirectoryContext>
  );
}

function safeZone(zone: string | undefined): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
