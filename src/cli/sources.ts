import type { Command } from 'commander';
import { catalogFromArguments } from '../catalog/from-arguments.js';
import type { CatalogView } from '../catalog/view.js';
import type { Cli } from './cli.js';
import { withServices } from './with-services.js';

/** Adds `--source <type>:<path>`, repeatable. */
export function addSourceOption(command: Command): Command {
  return command.option(
    '--source <type:path>',
    'read this catalog from files alone, with no database (repeatable)',
    (value: string, earlier: string[] = []) => [...earlier, value],
  );
}

/** The catalog named by `--source`, or the one in the database. */
export async function readCatalog(cli: Cli, sources: readonly string[] | undefined): Promise<CatalogView> {
  if (sources && sources.length > 0) {
    return catalogFromArguments(sources, {
      now: new Date(),
      signal: new AbortController().signal,
      secret: (name) => cli.env[name] || undefined,
      fetch: globalThis.fetch,
      baseDir: cli.cwd,
    });
  }
  return withServices(cli, async (services) => services.catalog.current().view);
}
