import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlayMessage } from '../../../protocol.js';
import { insertMessage, mergeMessages, removeMessage, replaceMessage } from './messages.js';

const message = (ts: string, text = ''): PlayMessage => ({
  channel: 'C',
  ts,
  user: 'U',
  text,
  blocks: [],
  attachments: [],
  reactions: [],
  files: [],
  pings: { users: [], usergroups: [], broadcast: [] },
  pinned: false,
});
const stamps = fc.uniqueArray(
  fc.integer({ min: 1_700_000_000, max: 1_700_000_050 }).map((second) => `${second}.000100`),
);

describe('a list of messages', () => {
  it('is in the order of time without doubles, however they came', () => {
    fc.assert(
      fc.property(stamps, stamps, (first, second) => {
        let list: readonly PlayMessage[] = [];
        for (const ts of [...first, ...second]) list = insertMessage(list, message(ts));
        const wanted = [...new Set([...first, ...second])].sort();
        expect(list.map((each) => each.ts)).toEqual(wanted);
        expect(
          mergeMessages(
            first.map((ts) => message(ts)),
            second.map((ts) => message(ts)),
          ).map((each) => each.ts),
        ).toEqual(wanted);
      }),
    );
  });

  it('changes and drops only what it holds', () => {
    const list = [message('1700000000.000100', 'a'), message('1700000001.000100', 'b')];
    expect(replaceMessage(list, message('1700000001.000100', 'c')).map((each) => each.text)).toEqual([
      'a',
      'c',
    ]);
    expect(replaceMessage(list, message('1700000009.000100'))).toBe(list);
    expect(removeMessage(list, '1700000000.000100')).toHaveLength(1);
    expect(removeMessage(list, '1700000009.000100')).toBe(list);
  });

  it('keeps what came live over an older page', () => {
    const live = [message('1700000001.000100', 'edited')];
    expect(mergeMessages(live, [message('1700000001.000100', 'old')])[0]?.text).toBe('edited');
  });
});
