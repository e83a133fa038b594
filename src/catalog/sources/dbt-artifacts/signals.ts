import type { SignalDraft } from '../../asset.js';
import { refsIn } from '../../dbt/jinja.js';
import { present } from '../../meta/meta-facts.js';
import { asText, isPlainObject } from '../../meta/values.js';
import { dependsOn } from './lineage.js';
import type {
  Freshness,
  FreshnessResult,
  Manifest,
  ManifestNode,
  RunResult,
  RunResults,
  WarehouseCatalog,
} from './schema.js';
import { TestNode } from './schema.js';

export interface SignalInput {
  manifest: Manifest;
  runResults?: RunResults;
  freshness?: Freshness;
  catalog?: WarehouseCatalog;
  /** Whether there is an asset of that unique_id. */
  isAsset: (uniqueId: string) => boolean;
}

/** Tests whose tag says that they tie the figures to another system of record. */
const tieOutTag = /^(?:reconciliation|tie[-_ ]?out)$/i;

/** Test outcomes, runs, freshness and row counts, each on the asset it is about. A test that did not run is there as `unknown`. */
export function signalsOf(input: SignalInput): { signals: SignalDraft[]; warnings: string[] } {
  const results = new Map((input.runResults?.results ?? []).map((result) => [result.unique_id, result]));
  const manifestTime = input.manifest.metadata.generated_at ?? '1970-01-01T00:00:00Z';
  const runTime = input.runResults?.metadata.generated_at ?? manifestTime;
  const tests = [
    ...input.manifest.nodes.filter(({ uniqueId }) => uniqueId.startsWith('test.')),
    ...input.manifest.unit_tests,
  ];
  const known = new Set([...tests, ...input.manifest.nodes].map(({ uniqueId }) => uniqueId));
  // Of a table that is made anew, some adapters count the whole table and others one statement: neither says what a partition holds.
  const builtByIncrement = new Set(
    input.manifest.nodes
      .filter(({ node }) => isPlainObject(node.config) && node.config.materialized === 'incremental')
      .map(({ uniqueId }) => uniqueId),
  );
  const strangers = [...results.keys()].filter((id) => !known.has(id));
  return {
    signals: [
      ...tests.flatMap((test) =>
        testSignals(test, results.get(test.uniqueId), { input, manifestTime, runTime }),
      ),
      ...[...results.values()]
        .filter((result) => input.isAsset(result.unique_id))
        .flatMap((result) => [
          runSignal(result, runTime),
          ...(builtByIncrement.has(result.unique_id) ? writtenSignals(result, runTime) : []),
        ]),
      ...(input.freshness?.results ?? [])
        .filter((result) => input.isAsset(result.unique_id))
        .map((result) => freshnessSignal(result, input.freshness?.metadata.generated_at ?? manifestTime)),
      ...volumeSignals(input),
    ],
    warnings:
      strangers.length === 0
        ? []
        : [
            `run_results.json has ${strangers.length} result(s) of nodes that the manifest does not have, such as ${strangers[0]}; left out.`,
          ],
  };
}

interface Times {
  input: SignalInput;
  manifestTime: string;
  runTime: string;
}

function testSignals(raw: ManifestNode, result: RunResult | undefined, times: Times): SignalDraft[] {
  const test = TestNode.parse(raw.node);
  const columnName = test.column_name?.replace(/["`[\]]/g, '');
  const failed =
    result !== undefined &&
    (result.status === 'fail' || result.status === 'warn' || result.status === 'error');
  return testedAssets(raw, test, times.input).map((sourceId) => ({
    sourceId,
    type: test.tags.some((tag) => tieOutTag.test(tag)) ? 'tie-out' : 'test',
    name: test.name ?? raw.uniqueId,
    status: result === undefined ? 'unknown' : statusOf(result.status),
    observedAt: result === undefined ? times.manifestTime : finishedAt(result, times.runTime),
    ...present({
      columnName,
      value: result?.failures ?? undefined,
      unit: typeof result?.failures === 'number' ? 'failing rows' : undefined,
      message: failed ? result.message : undefined,
    }),
  }));
}

/** A generic test says which node it is attached to; a test of two tables is about the one it stands under; any other about all it reads. */
function testedAssets(raw: ManifestNode, test: TestNode, { isAsset }: SignalInput): string[] {
  if (test.attached_node !== undefined && isAsset(test.attached_node)) return [test.attached_node];
  const read = dependsOn(raw.node).filter(isAsset);
  const kwargs = isPlainObject(test.test_metadata.kwargs) ? test.test_metadata.kwargs : {};
  const [tested] = refsIn(asText(kwargs.model) ?? '');
  const named = tested === undefined ? [] : read.filter((id) => id.split('.')[2] === tested.name);
  return named.length === 1 ? named : [...new Set(read)];
}

function runSignal(result: RunResult, runTime: string): SignalDraft {
  const failed = result.status === 'error' || result.status === 'fail';
  return {
    sourceId: result.unique_id,
    type: 'run',
    name: 'dbt build',
    status: statusOf(result.status),
    observedAt: finishedAt(result, runTime),
    ...present({
      value: result.execution_time ?? undefined,
      unit: typeof result.execution_time === 'number' ? 'seconds' : undefined,
      message: failed ? result.message : undefined,
    }),
  };
}

/** What a run that succeeded wrote and read, as far as the adapter says. */
function writtenSignals(
  { unique_id, status, adapter_response, ...result }: RunResult,
  runTime: string,
): SignalDraft[] {
  if (statusOf(status) !== 'pass') return [];
  const { rows_affected: rows, bytes_processed: bytes } = adapter_response;
  const said = [
    { name: 'rows written', value: rows, unit: 'rows' },
    { name: 'bytes processed', value: bytes, unit: 'bytes' },
  ];
  return said.flatMap(({ name, value, unit }): SignalDraft[] =>
    value === undefined
      ? []
      : [
          {
            sourceId: unique_id,
            type: 'volume',
            name,
            status: 'pass',
            observedAt: finishedAt(result, runTime),
            value,
            unit,
          },
        ],
  );
}

/** dbt's freshness `error` means too old; that the check itself broke is `runtime error`. */
function freshnessSignal(result: FreshnessResult, time: string): SignalDraft {
  const status = result.status === 'error' ? 'fail' : statusOf(result.status);
  const ago = result.max_loaded_at_time_ago_in_s;
  return {
    sourceId: result.unique_id,
    type: 'freshness',
    name: 'dbt source freshness',
    status,
    observedAt: result.snapshotted_at ?? time,
    ...present({
      loadedAt: result.max_loaded_at,
      value: ago,
      unit: ago === undefined ? undefined : 'seconds',
      message: result.error,
    }),
  };
}

function volumeSignals({ catalog, isAsset }: SignalInput): SignalDraft[] {
  if (catalog === undefined) return [];
  return Object.entries({ ...catalog.nodes, ...catalog.sources }).flatMap(
    ([sourceId, table]): SignalDraft[] => {
      const stat = table.stats.find(
        ({ id, include }) => include && (id === 'row_count' || id === 'num_rows'),
      );
      const value = Number(stat?.value ?? Number.NaN);
      if (!Number.isFinite(value) || !isAsset(sourceId)) return [];
      return [
        {
          sourceId,
          type: 'volume',
          name: 'row count',
          status: 'pass',
          observedAt: catalog.metadata.generated_at ?? '1970-01-01T00:00:00Z',
          value,
          unit: 'rows',
        },
      ];
    },
  );
}

function statusOf(status: string): SignalDraft['status'] {
  switch (status) {
    case 'pass':
    case 'success':
      return 'pass';
    case 'warn':
    case 'fail':
    case 'error':
    case 'skipped':
      return status;
    case 'runtime error':
    case 'partial success':
      return 'error';
    default:
      return 'unknown';
  }
}

function finishedAt(result: Pick<RunResult, 'timing'>, otherwise: string): string {
  return (
    result.timing.find(({ name }) => name === 'execute')?.completed_at ??
    result.timing.at(-1)?.completed_at ??
    otherwise
  );
}
