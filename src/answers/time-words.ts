const dayMs = 86_400_000;
const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const aliases: Record<string, string> = {
  mär: 'mar',
  mrz: 'mar',
  mai: 'may',
  okt: 'oct',
  dez: 'dec',
  ene: 'jan',
  abr: 'apr',
  ago: 'aug',
  dic: 'dec',
};
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const germanWeekdays = ['son', 'mon', 'die', 'mit', 'don', 'fre', 'sam'];

const spelledNumbers = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const spelledNumber = new RegExp(`\\b(?:${spelledNumbers.join('|')})\\b`, 'g');

/** Undefined for the 31st of February: it is no day, and none beside it is meant. */
function dayThatExists(year: number, month: number, day: number): Date | undefined {
  const date = new Date(Date.UTC(year, month, day));
  return date.getUTCMonth() === month && date.getUTCDate() === day ? date : undefined;
}

/** The start of the time that some words mean (`last week`, `since March`, `2026-01-31`), in UTC; undefined when they mean none. */
export function startOfTimeWords(words: string | undefined, now: Date): Date | undefined {
  if (words === undefined) return undefined;
  const text = words.toLowerCase().replace(spelledNumber, (word) => String(spelledNumbers.indexOf(word) + 1));
  const iso = /(\d{4})-(\d{2})(?:-(\d{2}))?/.exec(text);
  if (iso) return dayThatExists(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3] ?? '1'));
  const parted = /\b(\d{1,2})([./])(\d{1,2})\2(\d{4})\b/.exec(text);
  if (parted) {
    const [first, second] = [Number(parted[1]), Number(parted[3])];
    const year = Number(parted[4]);
    // 31.03.2026 begins with the day everywhere; 03/04/2026 is another day in London than in New York, and is not guessed at
    if (parted[2] === '.' || first > 12) return dayThatExists(year, second - 1, first);
    return second > 12 ? dayThatExists(year, first - 1, second) : undefined;
  }
  const midnight = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
  const back = (days: number): Date => new Date(midnight.getTime() - days * dayMs);
  if (/\b(?:today|heute|hoy|now|this morning)\b/.test(text)) return midnight;
  if (/\b(?:yesterday|gestern|ayer)\b/.test(text)) return back(1);
  const count = countIn(text);
  if (/\b(?:day|tag|d[ií]as?\b)/.test(text)) return back(count);
  if (/\b(?:week|woche|semana)/.test(text)) return back(7 * count);
  const quarter = /\bq([1-4])(?:\s*\/?\s*(\d{4}))?/.exec(text);
  if (quarter)
    return new Date(Date.UTC(Number(quarter[2] ?? now.getUTCFullYear()), (Number(quarter[1]) - 1) * 3, 1));
  const month = monthOf(text);
  if (month !== undefined) {
    const year = Number(/\b(20\d{2}|19\d{2})\b/.exec(text)?.[1] ?? now.getUTCFullYear());
    const day = Number(/\b(\d{1,2})(?:st|nd|rd|th|\.)?\b(?!\d)/.exec(text)?.[1] ?? '1');
    const date = dayThatExists(year, month, day);
    return date !== undefined && date > now ? dayThatExists(year - 1, month, day) : date;
  }
  const weekday = text
    .match(/\p{L}+/gu)
    ?.map((word) => weekdayOf(word))
    .find((day) => day >= 0);
  if (weekday !== undefined) return back((now.getUTCDay() - weekday + 7) % 7 || 7);
  if (/\b(?:month|monat|mes(?:es)?\b)/.test(text)) return back(30 * count);
  if (/\bquart/.test(text)) return back(91 * count);
  if (/\b(?:year|jahr|a[nñ]os?(?!\p{L}))/u.test(text)) return back(365 * count);
  const year = /\b(20\d{2})\b/.exec(text);
  return year ? new Date(Date.UTC(Number(year[1]), 0, 1)) : undefined;
}

const numberWords = [
  ['ein', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun', 'zehn', 'elf', 'zwölf'],
  ['un', 'dos', 'tres', 'cuatro', 'cinco', 'seis', 'siete', 'ocho', 'nueve', 'diez', 'once', 'doce'],
];

/** How many days, weeks or months are meant; one where no number stands before them. */
function countIn(text: string): number {
  const before =
    /(\p{L}+|\d{1,3})\s*(?:day|week|month|quarter|year|tag|woche|monat|quartal|jahr|d[ií]a|semana|mes|a[nñ]o)/u.exec(
      text,
    )?.[1];
  if (before === undefined) return 1;
  if (/^\d/.test(before)) return Number(before);
  return Math.max(1, ...numberWords.map((words) => words.indexOf(before) + 1));
}

function monthOf(text: string): number | undefined {
  for (const word of text.match(/\p{L}{3,}/gu) ?? []) {
    const short = word.slice(0, 3);
    const index = monthNames.indexOf(aliases[short] ?? short);
    if (
      index >= 0 &&
      /^(?:jan|feb|mar|m[aä]r|apr|may|mai|jun|jul|aug|agosto|sep|oct|okt|nov|dec|dez|dic|ene|abr)/.test(
        word,
      ) &&
      !/^(?:month|market|margin)/.test(word)
    ) {
      return index;
    }
  }
  return undefined;
}

function weekdayOf(word: string): number {
  if (/^(?:sun|mon|tues|wednes|thurs|fri|satur)day$/.test(word)) return weekdays.indexOf(word.slice(0, 3));
  return /^(?:sonn|mon|diens|donners|frei|sams)tag$|^mittwoch$/.test(word)
    ? germanWeekdays.indexOf(word.slice(0, 3))
    : -1;
}
