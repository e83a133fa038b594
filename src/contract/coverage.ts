import { parse } from 'yaml';
import { z } from 'zod';

const shared = { row: z.string().min(1), mark: z.string().optional() };
const place = z.union([z.strictObject({ section: z.string() }), z.strictObject({ part: z.string() })]);
/** One capability with the tests that prove it, or why it is left out. A row with neither, or with both, is refused. */
const entry = z
  .looseObject({
    ...shared,
    section: z.string().optional(),
    part: z.string().optional(),
    tests: z.array(z.string()).min(1).optional(),
    test: z.string().optional(),
    no: z.string().startsWith('because').optional(),
  })
  .refine(
    (row) =>
      place.safeParse(row.section === undefined ? { part: row.part } : { section: row.section }).success,
    {
      error: 'says neither section nor part',
    },
  )
  .refine((row) => (row.no === undefined) !== (row.test === undefined && row.tests === undefined), {
    error: 'needs either tests or `no: because …`',
  });
const file = z.union([z.array(entry), z.object({ rows: z.array(entry) }).transform(({ rows }) => rows)]);

export interface CoverageFile {
  /** `access`: the file's name without its ending. */
  name: string;
  text: string;
}

/**
 * docs/coverage.md from docs/coverage/*.yml. `findTest` answers the file that holds a tag or a `file#title`, or null. Throws where a row has
 * neither a test nor a reason, or names a test that is not there.
 */
export function coveragePage(
  files: readonly CoverageFile[],
  findTest: (proof: string, area: string) => string | null,
): string {
  const parts = files.map(({ name, text }) => {
    const rows = file.safeParse(parse(text));
    if (!rows.success) throw new Error(`docs/coverage/${name}.yml: ${z.prettifyError(rows.error)}`);
    const lines = rows.data.map((row) => {
      const proofs = [...(row.tests ?? []), ...(row.test === undefined ? [] : [row.test])];
      const found = proofs.map((proof) => {
        const where = findTest(proof, name);
        if (where === null)
          throw new Error(`docs/coverage/${name}.yml: no test has ${proof}, for "${row.row}"`);
        return `\`${where}\` ${proof.includes('#') ? proof.slice(proof.indexOf('#') + 1) : proof}`;
      });
      return `| ${[row.section ?? row.part ?? '', row.row, row.mark ?? '', row.no === undefined ? found.join('; ') : `no, ${row.no}`].map(cell).join(' | ')} |`;
    });
    const left = rows.data.filter((row) => row.no !== undefined).length;
    return `## ${name}\n\n${rows.data.length} rows: ${rows.data.length - left} with a test, ${left} with a reason why not.\n\n| part | what others can do, were asked for, or got wrong | mark | test, or why not |\n|---|---|---|---|\n${lines.join('\n')}\n`;
  });
  return `# Coverage

What tools of this kind can do, are asked for, or got wrong, row by row, with the test that shows how Steward does it or a written *no, because*. Made from
\`docs/coverage/\` by \`node scripts/coverage.mjs\`; a row without either, or with a test that is gone, fails. Mark: C common, R in one to three systems, N in none.

${parts.join('\n')}`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Looks for proofs in test files: `file#title` relative to the root, to test/<area>/, or a tag anywhere. */
export function makeFindTest(
  tests: ReadonlyMap<string, string>,
): (proof: string, area: string) => string | null {
  const plain = (text: string): string => text.replaceAll("\\'", "'");
  return (proof, area) => {
    const cut = proof.indexOf('#');
    if (cut < 0) {
      for (const [name, text] of tests) if (text.includes(`[${proof}]`)) return name;
      return null;
    }
    const [named, title] = [proof.slice(0, cut), proof.slice(cut + 1)];
    for (const name of [named, resolveFrom(`test/${area}`, named)]) {
      const text = tests.get(name);
      if (text !== undefined && plain(text).includes(title)) return name;
    }
    return null;
  };
}

/** `../../src/x` from `test/backfills`: `src/x`. */
function resolveFrom(folder: string, relative: string): string {
  const path = folder.split('/');
  for (const step of relative.split('/')) {
    if (step === '..') path.pop();
    else path.push(step);
  }
  return path.join('/');
}
