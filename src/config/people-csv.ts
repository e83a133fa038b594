import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { StartRefusedError } from '../errors.js';
import { type PersonEntry, personEntry } from './steward-schema.js';

/** What an export of an HR system has beside these is left alone. */
const row = z.looseObject({
  email: z.string(),
  name: z.string().optional(),
  manager: z.string().optional(),
  teams: z.string().optional(),
  slack: z.string().optional(),
  timezone: z.string().optional(),
  title: z.string().optional(),
});

/** `warehouse.main` holds the login in the warehouse called `main`. */
const warehouseColumn = /^warehouse\.(.+)$/;

const whatIsWrong = new Map([
  ['CSV_QUOTE_NOT_CLOSED', 'a quote is opened here and never closed'],
  ['CSV_INVALID_CLOSING_QUOTE', 'something follows a closing quote; a quote inside a field is written twice'],
  ['INVALID_OPENING_QUOTE', 'a quote stands in the middle of a field; put the whole field in quotes'],
  ['CSV_RECORD_INCONSISTENT_COLUMNS', 'this line has not as many fields as the first line has columns'],
  ['CSV_RECORD_INCONSISTENT_FIELDS_LENGTH', 'this line has not as many fields as the first line has columns'],
]);

/**
 * Reads people from a CSV file: the first line names the columns `email` and, where there are any, `name`, `manager` (an e-mail), `teams` (parted
 * by semicolons, commas or spaces), `slack` (member id), `timezone`, `title`, `warehouse.<name>`. Parted by commas, semicolons or tabs, as the
 * first line is. Throws `StartRefusedError` in one line: file, line, column, what is wrong.
 * @param file only used in messages.
 */
export function readPeopleCsv(text: string, file: string): PersonEntry[] {
  const seenAt = new Map<string, number>();
  return records(text, file).map(({ record, line }) => {
    const refuse = (what: string): never => {
      throw new StartRefusedError(`${file}:${line}: ${what}`);
    };
    const read = row.safeParse(record);
    if (!read.success) return refuse('email: the first line names no column `email`');
    const { email, name, manager, teams, slack, timezone, title } = read.data;
    const entry = personEntry.safeParse({
      email,
      teams: (teams ?? '').split(/[;,\s]+/).filter(Boolean),
      warehouse: Object.fromEntries(
        Object.entries(record).flatMap(([column, login]) => {
          const warehouse = warehouseColumn.exec(column)?.[1];
          return warehouse === undefined || login === '' ? [] : [[warehouse, login]];
        }),
      ),
      ...given({ name, manager, slack, timeZone: timezone, title }),
    });
    if (!entry.success) {
      const [issue] = entry.error.issues;
      return refuse(`${issue?.path.join('.') || 'the line'}: ${issue?.message ?? 'is wrong'}`);
    }
    const before = seenAt.get(entry.data.email);
    if (before !== undefined) refuse(`email: ${entry.data.email} stands in line ${before} already`);
    seenAt.set(entry.data.email, line);
    return entry.data;
  });
}

/** An empty field is one that nobody filled in. */
function given(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value ? [[key, value] as const] : [])),
  );
}

const located = z.array(
  z.object({ record: z.record(z.string(), z.string()), info: z.object({ lines: z.number() }) }),
);

function records(text: string, file: string): { record: Record<string, string>; line: number }[] {
  const [first = ''] = text.split(/\r?\n/, 1);
  const delimiter = [',', ';', '\t'].find((sign) => first.includes(sign)) ?? ',';
  try {
    const rows: unknown = parse(text, {
      columns: (names: string[]) => names.map((name) => name.toLowerCase()),
      skip_empty_lines: true,
      trim: true,
      bom: true,
      delimiter,
      info: true,
    });
    return located.parse(rows).map(({ record, info }) => ({ record, line: info.lines }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = z.object({ lines: z.number() }).safeParse(error);
    const at = line.success ? `:${line.data.lines}` : '';
    throw new StartRefusedError(
      `${file}${at}: ${whatIsWrong.get(error.code) ?? 'this is not a CSV file with a first line of column names'}`,
    );
  }
}
