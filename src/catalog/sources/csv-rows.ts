import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { SourceError } from '../connector.js';
import type { SourceFile } from './source-files.js';

const Records = z.array(
  z.object({ record: z.record(z.string(), z.string()), info: z.object({ lines: z.number() }) }),
);

/** A line that Excel puts first to say which separator follows. */
const separatorLine = /^sep=(.)\r?\n/i;

/** Lines by heading. The separator is the one the heading line uses. */
export function rowsOf(file: SourceFile): { row: Record<string, string>; line: number }[] {
  const said = separatorLine.exec(file.text);
  const text = said === null ? file.text : file.text.slice(said[0].length);
  const heading = text.trimStart().split(/[\r\n]/)[0] ?? '';
  const separators = [...(said?.[1] === undefined ? [] : [said[1]]), ',', ';', '\t', '|'];
  const delimiter = separators.sort((a, b) => heading.split(b).length - heading.split(a).length)[0] ?? ',';
  try {
    const records: unknown = parse(text, {
      delimiter,
      columns: (names: string[]) => names.map(foldHeading),
      info: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      relax_quotes: true,
    });
    return Records.parse(records).map(({ record, info }) => ({
      row: Object.fromEntries(Object.entries(record).filter(([, value]) => value !== '')),
      line: info.lines + (said === null ? 0 : 1),
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new SourceError(
      `${file.path} cannot be read as CSV: ${error.message}. Save it again with every quote closed.`,
    );
  }
}

function foldHeading(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}
