/**
 * Slack's `<!date^...>` formats (https://docs.slack.dev/messaging/formatting-message-text#date-formatting), in the reader's own zone.
 * `now` is the playground's clock, which can be moved, so that "yesterday" agrees with what Steward means by it.
 */
export function formatDateToken(format: string, epochSeconds: number, now: Date, locale?: string): string {
  const when = new Date(epochSeconds * 1000);
  if (Number.isNaN(when.getTime())) return '';
  const show = (options: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat(locale, options).format(when);
  const long = (): string => show({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });
  const middle = (): string => show({ month: 'long', day: 'numeric', year: 'numeric' });
  const short = (): string => show({ month: 'short', day: 'numeric', year: 'numeric' });
  const numeric = (): string => show({ year: 'numeric', month: '2-digit', day: '2-digit' });
  const forms: Record<string, () => string> = {
    date_num: numeric,
    date_slash: numeric,
    date: middle,
    date_short: short,
    date_long: long,
    date_pretty: () => nearDay(when, now) ?? middle(),
    date_short_pretty: () => nearDay(when, now) ?? short(),
    date_long_pretty: () => nearDay(when, now) ?? long(),
    day_divider_pretty: () => nearDay(when, now) ?? long(),
    time: () => show({ hour: 'numeric', minute: '2-digit' }),
    time_secs: () => show({ hour: 'numeric', minute: '2-digit', second: '2-digit' }),
    ago: () => relative(when, now),
  };
  return format.replace(/\{([a-z_]+)\}/g, (whole, name: string) => forms[name]?.() ?? whole);
}

function dayNumber(date: Date): number {
  return Math.round(new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime() / 86_400_000);
}

function nearDay(when: Date, now: Date): string | undefined {
  const difference = dayNumber(when) - dayNumber(now);
  if (difference === 0) return 'today';
  if (difference === -1) return 'yesterday';
  return difference === 1 ? 'tomorrow' : undefined;
}

export function relative(when: Date, now: Date): string {
  const seconds = Math.round((when.getTime() - now.getTime()) / 1000);
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  const formatter = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return formatter.format(Math.round(seconds / size), unit);
  }
  return 'just now';
}
