/**
 * Dates as Slack shows them, in the zone of the person one acts as and against the playground's clock, which can be
 * moved: "yesterday" must agree with what Steward means by it.
 */
export interface DateView {
  now: Date;
  /** IANA zone. */
  timeZone: string;
}

const dayMs = 86_400_000;

/** Slack's `<!date^...>` formats: https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
export function formatDateToken(format: string, epochSeconds: number, view: DateView): string {
  const when = new Date(epochSeconds * 1000);
  if (Number.isNaN(when.getTime())) return '';
  const show = (options: Intl.DateTimeFormatOptions): string => formatIn(when, view, options);
  const long = (): string => show({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });
  const middle = (): string => show({ month: 'long', day: 'numeric', year: 'numeric' });
  const short = (): string => show({ month: 'short', day: 'numeric', year: 'numeric' });
  const numeric = (): string => partsIn(when, view.timeZone).day;
  const forms: Record<string, () => string> = {
    date_num: numeric,
    date_slash: () => numeric().replaceAll('-', '/'),
    date: middle,
    date_short: short,
    date_long: long,
    date_pretty: () => nearDay(when, view) ?? middle(),
    date_short_pretty: () => nearDay(when, view) ?? short(),
    date_long_pretty: () => nearDay(when, view) ?? long(),
    day_divider_pretty: () => nearDay(when, view) ?? long(),
    time: () => show({ hour: 'numeric', minute: '2-digit' }),
    time_secs: () => show({ hour: 'numeric', minute: '2-digit', second: '2-digit' }),
    ago: () => relative(when, view.now),
  };
  return format.replace(/\{([a-z_]+)\}/g, (whole, name: string) => forms[name]?.() ?? whole);
}

export function formatIn(when: Date, view: DateView, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-US', { ...options, timeZone: view.timeZone }).format(when);
}

/** Time of a message, e.g. `9:41 AM`. */
export function clockTime(ts: string, view: DateView): string {
  return formatIn(tsToDate(ts), view, { hour: 'numeric', minute: '2-digit' });
}

/** Title of a day's divider: Today, Yesterday, or the date. */
export function dayTitle(when: Date, view: DateView): string {
  const near = nearDay(when, view);
  if (near !== undefined) return near.charAt(0).toUpperCase() + near.slice(1);
  return formatIn(when, view, { weekday: 'long', month: 'long', day: 'numeric' });
}

export function dayKey(ts: string, view: DateView): string {
  return partsIn(tsToDate(ts), view.timeZone).day;
}

/** A message's ts is seconds since the epoch with a fraction. */
export function tsToDate(ts: string): Date {
  return new Date(Number(ts) * 1000);
}

const partFormatters = new Map<string, Intl.DateTimeFormat>();

/** Wall date and time in a zone, as date and time inputs want them. */
export function partsIn(when: Date, timeZone: string): { day: string; time: string } {
  let formatter = partFormatters.get(timeZone);
  if (formatter === undefined) {
    const digits = '2-digit' as const;
    const time = { hour: digits, minute: digits, hourCycle: 'h23' as const };
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: digits,
      day: digits,
      ...time,
    });
    partFormatters.set(timeZone, formatter);
  }
  const part: Record<string, string> = {};
  for (const { type, value } of formatter.formatToParts(when)) part[type] = value;
  return { day: `${part.year}-${part.month}-${part.day}`, time: `${part.hour}:${part.minute}` };
}

/** Epoch seconds of a wall time (`2026-03-01`, `09:30`) in a zone; across a clock change the later reading wins. */
export function wallToEpochSeconds(day: string, time: string, timeZone: string): number | undefined {
  const guess = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(guess)) return undefined;
  let at = guess;
  for (let round = 0; round < 2; round += 1) {
    const shown = partsIn(new Date(at), timeZone);
    at += guess - Date.parse(`${shown.day}T${shown.time}:00Z`);
  }
  return Math.floor(at / 1000);
}

function nearDay(when: Date, { now, timeZone }: DateView): string | undefined {
  const dayOf = (date: Date): number => Date.parse(partsIn(date, timeZone).day) / dayMs;
  const difference = dayOf(when) - dayOf(now);
  if (difference === 0) return 'today';
  if (difference === -1) return 'yesterday';
  return difference === 1 ? 'tomorrow' : undefined;
}

export function relative(when: Date, now: Date): string {
  const seconds = Math.round((when.getTime() - now.getTime()) / 1000);
  const formatter = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  for (const [unit, size] of [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const) {
    if (Math.abs(seconds) >= size) return formatter.format(Math.round(seconds / size), unit);
  }
  return 'just now';
}
