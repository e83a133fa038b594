import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { PlayMessage } from '../../../protocol.js';
import { useDirectory } from '../blocks/host.js';
import { compareTs } from '../state/messages.js';
import { usePage } from '../state/use-session.js';
import { type DateView, dayKey, dayTitle, tsToDate } from '../text/dates.js';
import { MessageRow } from './message.js';

interface MessageListProps {
  label: string;
  items: readonly PlayMessage[];
  hasMore: boolean;
  loading: boolean;
  inThread: boolean;
  /** ts after which messages are new. */
  readMark?: string | undefined;
  onOlder?: () => void;
  before?: ReactNode;
  after?: ReactNode;
}

/** Rows drawn at once when one is at the newest: ten thousand in memory cost nothing, ten thousand on the page do. */
const drawnAtMost = 150;
const drawStep = 100;
const soughtMargin = 20;
const groupSeconds = 300;
const nearBottomPx = 60;
/** Kept free above the head of a tall message: the pill of its day, or in a thread, which has none, a little air. */
const dayPillPx = 36;
const threadAirPx = 6;

interface Day {
  key: string;
  title: string;
  rows: { message: PlayMessage; compact: boolean; firstNew: boolean }[];
}

/** Messages by day, newest at the bottom; older ones come as one scrolls up. Arrows walk the rows. */
export function MessageList(props: MessageListProps): ReactNode {
  const { items, hasMore, loading, onOlder } = props;
  const airPx = props.inThread ? threadAirPx : dayPillPx;
  const { dates, me } = useDirectory();
  const sought = usePage((state) => state.sought);
  const [limit, setLimit] = useState(drawnAtMost);
  const [activeTs, setActiveTs] = useState<string | undefined>(undefined);
  const [missed, setMissed] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const top = useRef<HTMLDivElement>(null);
  /** New messages are followed; a scroll up lets go, a scroll down takes hold again. */
  const stuck = useRef(true);
  /** The newest message is taller than the list, and was read down to its end. */
  const readToEnd = useRef(false);
  const before = useRef({ height: 0, newest: '', oldest: '' });

  const drawn = useMemo(() => items.slice(-limit), [items, limit]);
  const days = useMemo(() => byDay(drawn, dates, props.readMark, me), [drawn, dates, props.readMark, me]);
  const newest = items.at(-1)?.ts ?? '';
  const oldest = drawn[0]?.ts ?? '';
  const tabbable =
    activeTs !== undefined && drawn.some((message) => message.ts === activeTs) ? activeTs : newest;

  // The page stays where the eye is: at the bottom while one is there, at the same message when older ones come in above.
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    if (before.current.newest !== newest) readToEnd.current = false;
    if (stuck.current) rest(box, readToEnd.current, airPx);
    else if (before.current.oldest !== oldest && before.current.newest === newest)
      box.scrollTop += box.scrollHeight - before.current.height;
    before.current = { height: box.scrollHeight, newest, oldest };
  });
  useEffect(() => {
    if (newest === '' || !stuck.current) return;
    setMissed(0);
  }, [newest]);
  useEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    // Pictures and folded parts change heights after the fact.
    const observer = new ResizeObserver(() => {
      if (stuck.current) rest(box, readToEnd.current, airPx);
    });
    for (const child of box.children) observer.observe(child);
    observer.observe(box);
    return () => observer.disconnect();
  }, [airPx]);

  const more = limit < items.length || hasMore;
  useEffect(() => {
    const mark = top.current;
    if (mark === null || !more) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting) || loading) return;
        if (limit < items.length) setLimit(limit + drawStep);
        else {
          setLimit(limit + drawStep);
          onOlder?.();
        }
      },
      { root: scroller.current, rootMargin: '400px 0px 0px 0px' },
    );
    observer.observe(mark);
    return () => observer.disconnect();
  }, [more, limit, items.length, loading, onOlder]);

  const onScroll = (): void => {
    const box = scroller.current;
    if (box === null) return;
    const atBottom = box.scrollHeight - box.scrollTop - box.clientHeight < nearBottomPx;
    const atRest = Math.abs(box.scrollTop - restingPlace(box, airPx)) < 2;
    if (atBottom && !atRest) readToEnd.current = true;
    if (atBottom && !stuck.current && limit > drawnAtMost * 2) setLimit(drawnAtMost);
    stuck.current = atBottom || atRest;
    setMissed(stuck.current ? 0 : 1);
  };
  const toBottom = (): void => {
    stuck.current = true;
    readToEnd.current = true;
    setLimit(drawnAtMost);
    setMissed(0);
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  };

  // A permalink led here: draw as far back as its message, show it, and let go of the bottom.
  const soughtAt = useMemo(() => items.findIndex((message) => message.ts === sought), [items, sought]);
  const soughtFromEnd = soughtAt === -1 ? 0 : items.length - soughtAt;
  const isThere = sought !== undefined && soughtAt !== -1;
  useEffect(() => {
    if (isThere && soughtFromEnd > limit) setLimit(soughtFromEnd + soughtMargin);
  }, [isThere, soughtFromEnd, limit]);
  const isDrawn = isThere && soughtFromEnd <= limit;
  useEffect(() => {
    if (!isDrawn || sought === undefined) return;
    stuck.current = false;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-ts="${CSS.escape(sought)}"]`);
    row?.scrollIntoView({ block: 'center' });
    row?.focus({ preventScroll: true });
    setActiveTs(sought);
  }, [isDrawn, sought]);

  const focusRow = (ts: string | undefined): void => {
    if (ts === undefined) return;
    setActiveTs(ts);
    scroller.current?.querySelector<HTMLElement>(`[data-ts="${CSS.escape(ts)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const row = target.closest<HTMLElement>('li.message');
    if (row === null) return;
    if (target !== row) {
      // Esc leads from a control back to its message.
      if (event.key === 'Escape') row.focus();
      return;
    }
    const at = drawn.findIndex((message) => message.ts === row.dataset.ts);
    const steps: Record<string, number> = {
      ArrowUp: at - 1,
      ArrowDown: at + 1,
      Home: 0,
      End: drawn.length - 1,
    };
    const next = steps[event.key];
    if (next !== undefined) {
      event.preventDefault();
      focusRow(drawn[Math.max(0, Math.min(drawn.length - 1, next))]?.ts);
    } else if (event.key === 'Enter' || event.key === 'ArrowRight') {
      event.preventDefault();
      row
        .querySelector<HTMLElement>('.message-body button, .message-body input, .message-toolbar button')
        ?.focus();
    }
  };

  return (
    <div className="message-area">
      <div className="message-scroll" ref={scroller} onScroll={onScroll}>
        <div className="message-column">
          <div ref={top} className="older-mark">
            {loading && <span role="status">Loading…</span>}
          </div>
          {!more && props.before}
          {/* biome-ignore lint/a11y/noStaticElementInteractions: keys bubble up from the rows, which are focusable. */}
          <div onKeyDown={onKeyDown}>
            {days.map((day) => (
              <section
                key={day.key}
                className={props.inThread ? undefined : 'day'}
                aria-label={`${props.label}, ${day.title}`}
              >
                <h3 className={props.inThread ? 'visually-hidden' : 'day-divider'}>
                  <span>{day.title}</span>
                </h3>
                <ol className="messages">
                  {day.rows.map(({ message, compact, firstNew }) => (
                    <Row
                      key={message.ts}
                      message={message}
                      compact={compact}
                      firstNew={firstNew}
                      inThread={props.inThread}
                      tabbable={message.ts === tabbable}
                    />
                  ))}
                </ol>
              </section>
            ))}
          </div>
          {props.after}
        </div>
      </div>
      {missed > 0 && (
        <button type="button" className="to-bottom" onClick={toBottom}>
          ↓ Newest
        </button>
      )}
    </div>
  );
}

/** Where a list that follows new messages stands: at its end, but never past the head of a message taller than itself. */
function restingPlace(box: HTMLElement, airPx: number): number {
  const bottom = box.scrollHeight - box.clientHeight;
  const last = [...box.querySelectorAll<HTMLElement>('li.message')].at(-1);
  if (last === undefined || last.offsetHeight < box.clientHeight - airPx) return bottom;
  const top = last.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
  return Math.max(0, Math.min(bottom, Math.floor(top - airPx)));
}

function rest(box: HTMLElement, atEnd: boolean, airPx: number): void {
  box.scrollTop = atEnd ? box.scrollHeight : restingPlace(box, airPx);
}

function Row(props: {
  message: PlayMessage;
  compact: boolean;
  firstNew: boolean;
  inThread: boolean;
  tabbable: boolean;
}): ReactNode {
  const { firstNew, ...row } = props;
  if (!firstNew) return <MessageRow {...row} />;
  return (
    <>
      <li className="new-divider">
        <span>New</span>
      </li>
      <MessageRow {...row} />
    </>
  );
}

function byDay(
  items: readonly PlayMessage[],
  dates: DateView,
  readMark: string | undefined,
  me: string,
): Day[] {
  const days: Day[] = [];
  let previous: PlayMessage | undefined;
  let marked = readMark === undefined;
  for (const message of items) {
    const key = dayKey(message.ts, dates);
    let day = days.at(-1);
    if (day?.key !== key) {
      day = { key, title: dayTitle(tsToDate(message.ts), dates), rows: [] };
      days.push(day);
      previous = undefined;
    }
    const firstNew =
      !marked &&
      readMark !== undefined &&
      compareTs(message.ts, readMark) > 0 &&
      message.user !== me &&
      message.ephemeral_to === undefined;
    if (firstNew) marked = true;
    day.rows.push({
      message,
      firstNew,
      compact: !firstNew && previous !== undefined && joins(previous, message),
    });
    previous = message;
  }
  return days;
}

function joins(previous: PlayMessage, message: PlayMessage): boolean {
  return (
    previous.user === message.user &&
    previous.username === message.username &&
    previous.subtype === message.subtype &&
    previous.ephemeral_to === message.ephemeral_to &&
    message.broadcast !== true &&
    (previous.reply_count ?? 0) === 0 &&
    Number(message.ts) - Number(previous.ts) < groupSeconds
  );
}
