import { useMemo } from 'react';
import { usePage } from '../state/use-session.js';
import { searchEmoji } from '../text/emoji.js';

export interface Completion {
  key: string;
  label: string;
  detail: string;
  /** Stands for what was typed from `from` to the caret. */
  insert: string;
  from: number;
}

const most = 8;

/** What the text before the caret could become: a command, a person or group, a channel, an emoji. */
export function useCompletions(
  text: string,
  caret: number,
  inThread: boolean,
): { items: Completion[]; anchor: string } {
  const info = usePage((state) => state.info);
  const people = usePage((state) => state.people);
  const channels = usePage((state) => state.channels);
  return useMemo(() => {
    const before = text.slice(0, caret);
    const command = inThread ? null : /^\/([\w-]*)$/.exec(before);
    if (command !== null) {
      const wanted = before.toLowerCase();
      return found(
        before,
        info.commands
          .filter((each) => each.command.startsWith(wanted))
          .map((each) => ({
            key: each.command,
            label: `${each.command} ${each.usage_hint}`,
            detail: each.description,
            insert: `${each.command} `,
            from: 0,
          })),
      );
    }
    const match = /(?:^|\s)([@#:])([\p{L}\p{N}_.+-]*)$/u.exec(before);
    if (match === null) return found(before, []);
    const [, sign = '', words = ''] = match;
    const from = before.length - words.length - 1;
    const wanted = words.toLowerCase();
    if (sign === '#') {
      const named = [...channels.values()].filter(
        (channel) =>
          (channel.kind === 'public' || channel.kind === 'private') &&
          !channel.archived &&
          channel.name.includes(wanted),
      );
      return found(
        before,
        named.map((channel) => ({
          key: channel.id,
          label: `#${channel.name}`,
          detail: channel.purpose,
          insert: `#${channel.name} `,
          from,
        })),
      );
    }
    if (sign === ':') {
      if (wanted.length < 2) return found(before, []);
      return found(
        before,
        searchEmoji(wanted, most).map((emoji) => ({
          key: emoji.name,
          label: `${emoji.character}  :${emoji.name}:`,
          detail: '',
          insert: `:${emoji.name}: `,
          from,
        })),
      );
    }
    const appHandle = people.get(info.app.bot_user_id)?.name ?? info.app.name.toLowerCase();
    const all = [
      { key: info.app.bot_user_id, name: appHandle, label: info.app.name, detail: 'App' },
      ...[...people.values()]
        .filter((person) => !person.deleted && person.id !== info.app.bot_user_id)
        .map((person) => ({
          key: person.id,
          name: person.name,
          label: person.real_name,
          detail: person.title,
        })),
      ...info.usergroups.map((group) => ({
        key: group.id,
        name: group.handle,
        label: group.name,
        detail: `${group.users.length} people`,
      })),
    ];
    const fitting = all.filter(
      (each) =>
        each.name.toLowerCase().startsWith(wanted) ||
        each.label
          .toLowerCase()
          .split(' ')
          .some((word) => word.startsWith(wanted)),
    );
    return found(
      before,
      fitting.map((each) => ({
        key: each.key,
        label: `${each.label}  @${each.name}`,
        detail: each.detail,
        insert: `@${each.name} `,
        from,
      })),
    );
  }, [text, caret, inThread, info, people, channels]);
}

function found(anchor: string, items: Completion[]): { items: Completion[]; anchor: string } {
  return { items: items.slice(0, most), anchor };
}

export function applyCompletion(
  text: string,
  caret: number,
  completion: Completion,
): { text: string; caret: number } {
  const head = text.slice(0, completion.from) + completion.insert;
  return { text: head + text.slice(caret), caret: head.length };
}
