import { printTrustTable } from '../answers/trust-table.js';
import type { Registrations } from '../slack/registrations.js';
import { actionIdsPage } from './action-ids.js';
import { auditActionsPage } from './audit-actions.js';
import { errorCodesPage } from './error-codes.js';
import { jsonSchemaOf, type Published, published } from './published.js';
import { configurationTable, environmentTable, scopeTable, withGenerated } from './tables.js';

/** A file that is made, or made in part, from code. */
export interface GeneratedFile {
  path: string;
  /** The whole text, given the text that stands there now (empty when there is none). */
  make: (now: string) => string;
}

/** Shapes whose schemas live outside src/: the playground's control API. */
export type FurtherShapes = Record<string, Published>;

/** Every generated file, by its path from the project's root: what `node scripts/docs.mjs` writes and a test compares. */
export function generatedFiles(registrations: Registrations, further: FurtherShapes): GeneratedFile[] {
  const shapes = Object.entries<Published>({ ...published, ...further });
  return [
    {
      path: 'README.md',
      make: (now) =>
        withGenerated(withGenerated(now, 'environment', environmentTable()), 'scopes', scopeTable()),
    },
    {
      path: 'docs/configuration.md',
      make: (now) => withGenerated(now, 'configuration', configurationTable()),
    },
    { path: 'docs/trust.md', make: (now) => withGenerated(now, 'trust', printTrustTable()) },
    { path: 'docs/contract/action-ids.md', make: () => actionIdsPage(registrations) },
    { path: 'docs/contract/audit-actions.md', make: auditActionsPage },
    { path: 'docs/contract/errors.md', make: errorCodesPage },
    {
      path: 'docs/contract/README.md',
      make: (now) =>
        withGenerated(
          now,
          'shapes',
          ['| schema | what has this shape |', '|---|---|', ...shapes.map(shapeRow)].join('\n'),
        ),
    },
    ...shapes.map(([name, shape]) => ({
      path: `docs/contract/${name}.json`,
      make: () => jsonSchemaOf(name, shape),
    })),
  ];
}

function shapeRow([name, { what, direction }]: [string, Published]): string {
  return `| [${name}.json](${name}.json) | ${what} (${direction}) |`;
}
