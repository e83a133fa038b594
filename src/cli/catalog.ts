import { operatorActor } from '../audit/record.js';
import { assetLines } from '../catalog/asset-lines.js';
import { diffCatalogs } from '../catalog/diff.js';
import { lintCatalog } from '../catalog/lint.js';
import { listCatalog, listRow, parseKind } from '../catalog/list.js';
import { buildIndex } from '../catalog/search/build-index.js';
import { search } from '../catalog/search/search.js';
import { usageShare } from '../catalog/search/usage-share.js';
import { sourceIdentities, syncCatalog } from '../catalog/sync.js';
import type { CatalogView } from '../catalog/view.js';
import { NotFoundError } from '../errors.js';
import { tellOfSource } from '../notices/tell-of-source.js';
import { tellOfChanges } from '../releases/tell-of-changes.js';
import { type Cli, type CliModule, UsageError, writeJson } from './cli.js';
import { addSourceOption, readCatalog } from './sources.js';
import { withServices } from './with-services.js';

interface Common {
  source?: string[];
  json?: boolean;
}

export const catalogCommands: CliModule = (program, cli) => {
  const catalog = program.command('catalog').description('the catalog: list, search, show, lint, sync, diff');

  addSourceOption(catalog.command('list').description('every asset, or those of one kind, in full'))
    .option('--kind <kind>', 'metric, model, source, column, exposure, term or pipeline')
    .option('--json', 'write JSON')
    .action(async (options: Common & { kind?: string }) => {
      const kind = options.kind === undefined ? undefined : parseKind(options.kind);
      if (options.kind !== undefined && kind === undefined)
        throw new UsageError(
          `--kind ${options.kind}: there is no such kind. Use metric, model, source, column, exposure, term or pipeline.`,
        );
      const view = await readCatalog(cli, options.source);
      warn(cli, view);
      const list = listCatalog(view, kind);
      if (options.json) return writeJson(cli, list);
      for (const asset of list.assets)
        cli.out(
          `${asset.kind.padEnd(9)} ${asset.name}${asset.label && asset.label !== asset.name ? `  (${asset.label})` : ''}`,
        );
      cli.out(`${list.assets.length} assets`);
    });

  addSourceOption(
    catalog.command('search').description('what a question finds, best first').argument('<words...>'),
  )
    .option('--limit <n>', 'how many', '10')
    .option('--json', 'write JSON')
    .action(async (words: string[], options: Common & { limit: string }) => {
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 1)
        throw new UsageError(`--limit ${options.limit}: give a whole number from 1.`);
      const view = await readCatalog(cli, options.source);
      const ranked = search(buildIndex(view.assets(), usageShare(view)), words.join(' '), { limit });
      const assets = ranked.candidates.flatMap((candidate) => {
        const asset = view.get(candidate.id);
        return asset
          ? [
              {
                source_id: asset.sourceId,
                kind: asset.kind,
                name: asset.name,
                label: asset.label ?? null,
                score: Number(candidate.score.toFixed(4)),
              },
            ]
          : [];
      });
      if (options.json) return writeJson(cli, { assets });
      for (const asset of assets)
        cli.out(
          `${asset.score.toFixed(2).padStart(6)}  ${asset.kind.padEnd(9)} ${asset.name}${asset.label ? `  (${asset.label})` : ''}`,
        );
      if (assets.length === 0) cli.out('Nothing found.');
    });

  addSourceOption(
    catalog.command('show').description('one asset with everything known about it').argument('<name>'),
  )
    .option('--json', 'write JSON')
    .action(async (name: string, options: Common) => {
      const view = await readCatalog(cli, options.source);
      const found = view.resolve(name);
      if (found.length === 0)
        throw new NotFoundError(
          `The catalog has nothing called "${name}". Try \`steward catalog search ${name}\`.`,
        );
      if (options.json) {
        const full = found.map((asset) => ({
          ...listRow(asset),
          columns: asset.columns,
          upstream: view.upstream(asset.id).map((reached) => reached.asset.sourceId),
          downstream: view.downstream(asset.id).map((reached) => reached.asset.sourceId),
          provenance: asset.provenance,
          signals: view.latestSignals(asset.id).map(({ assetId: _, ...signal }) => signal),
        }));
        return writeJson(cli, { assets: full });
      }
      for (const asset of found) for (const line of assetLines(view, asset)) cli.out(line);
    });

  addSourceOption(
    catalog
      .command('lint')
      .description(
        'what is missing or ambiguous: owners, descriptions, grain, caveats, runbooks of tier 1, names that mean two things',
      ),
  )
    .option('--json', 'write JSON')
    .action(async (options: Common) => {
      const view = await readCatalog(cli, options.source);
      const findings = lintCatalog(view);
      if (options.json) writeJson(cli, { findings });
      else
        for (const finding of findings)
          cli.out(
            `${finding.file ? `${finding.file}${finding.line ? `:${finding.line}` : ''}: ` : ''}${finding.message} [${finding.rule}]`,
          );
      if (!options.json)
        cli.out(findings.length === 0 ? 'Nothing to complain about.' : `${findings.length} findings`);
      cli.setExit(findings.length === 0 ? 0 : 1);
    });

  catalog
    .command('sync')
    .description('read every configured source into the database; a broken one keeps its last good content')
    .option('--only <name...>', 'only these sources, by name')
    .option('--accept-shrink', 'believe a source that suddenly has less than half of what it had')
    .option('--json', 'write JSON')
    .action(async (options: { only?: string[]; acceptShrink?: boolean; json?: boolean }) => {
      const report = await withServices(cli, (services, loaded) => {
        const names = sourceIdentities(loaded.config.catalog.sources).map(({ name }) => name);
        const unknown = options.only?.find((name) => !names.includes(name));
        if (unknown !== undefined)
          throw new UsageError(
            `--only ${unknown}: steward.yml has no such source. Use ${names.join(', ') || 'it once there is one'}.`,
          );
        const now = services.clock.now();
        return syncCatalog(
          services.db,
          loaded.config.catalog.sources,
          {
            now,
            signal: AbortSignal.timeout(600_000),
            secret: services.secret,
            fetch: globalThis.fetch,
            baseDir: loaded.baseDir,
          },
          {
            now,
            actor: operatorActor,
            onChanges: tellOfChanges(services, now),
            onStanding: tellOfSource(services, now),
            ...(options.only ? { only: options.only } : {}),
            ...(options.acceptShrink ? { acceptShrink: true } : {}),
          },
        );
      });
      if (options.json) writeJson(cli, report);
      else {
        for (const source of report.sources) {
          cli.out(
            source.error
              ? `${source.source}: BROKEN, its last good content stays: ${source.error}`
              : `${source.source}: ${source.status}, ${source.assets} assets, ${source.changes.length} changed`,
          );
          tellWarnings(cli, source.source, source.warnings);
        }
        if (report.sources.length === 0)
          cli.out('No source is configured under catalog.sources in steward.yml.');
      }
      cli.setExit(report.sources.some((source) => source.error) ? 1 : 0);
    });

  catalog
    .command('diff')
    .description('what changed between two states of a source: definitions, wording, schemas')
    .argument('<before>', '<type>:<path>')
    .argument('<after>', '<type>:<path>')
    .option('--json', 'write JSON')
    .action(async (before: string, after: string, options: { json?: boolean }) => {
      const changes = diffCatalogs(await readCatalog(cli, [before]), await readCatalog(cli, [after]));
      if (options.json) writeJson(cli, { changes });
      else {
        for (const change of changes)
          cli.out(
            `${change.change.padEnd(9)} ${change.kind} ${change.name}${change.summary ? `: ${change.summary}` : ''}`,
          );
        cli.out(changes.length === 0 ? 'No difference.' : `${changes.length} differences`);
      }
      cli.setExit(0);
    });
};

/** What was odd while reading goes to standard error: it never mixes with the output. */
function warn(cli: Cli, view: CatalogView): void {
  for (const source of view.sources) tellWarnings(cli, source.name, source.warnings);
}

const warningsShown = 20;

function tellWarnings(cli: Cli, source: string, warnings: readonly string[]): void {
  for (const warning of warnings.slice(0, warningsShown)) cli.err(`${source}: ${warning}`);
  if (warnings.length > warningsShown) cli.err(`${source}: and ${warnings.length - warningsShown} more.`);
}
