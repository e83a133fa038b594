import type { AssetDraft, EdgeDraft, SignalDraft, SourceSnapshot } from '../../asset.js';
import { present } from '../../meta/meta-facts.js';
import { asText, isPlainObject } from '../../meta/values.js';
import { newAsset } from '../../new-asset.js';
import { isRelation } from '../sql-words.js';
import { utcTime } from '../utc-time.js';
import {
  AssertionsFacet,
  type Dataset,
  type Event,
  type Job,
  OwnershipFacet,
  SchemaFacet,
  SymlinksFacet,
} from './schema.js';

/** What a list of events says together: the newest event of a thing says what it is, every end of a run is a signal. */
export function eventsSnapshot(given: readonly Event[]): Omit<SourceSnapshot, 'warnings'> {
  const events = withOutputsOfRun([...given].sort((a, b) => Date.parse(timeOf(a)) - Date.parse(timeOf(b))));
  const assets = new Map<string, AssetDraft>();
  const edges = new Map<string, EdgeDraft>();
  const signals: SignalDraft[] = [];
  for (const event of events) {
    const datasets = [
      ...event.inputs,
      ...event.outputs,
      ...(event.dataset === undefined ? [] : [event.dataset]),
    ];
    for (const dataset of datasets)
      assets.set(idOf(dataset), datasetAsset(dataset, assets.get(idOf(dataset))));
    if (event.job !== undefined) addJob(event, event.job, assets, edges);
    signals.push(...signalsOf(event));
  }
  const newest = events.at(-1)?.eventTime;
  return {
    assets: [...assets.values()],
    edges: [...edges.values()],
    signals,
    info: {
      testsFrom: 'OpenLineage events',
      freshnessFrom: 'OpenLineage events',
      ...(newest === undefined ? {} : { newestEvent: newest }),
    },
  };
}

function timeOf({ eventTime }: Event): string {
  return utcTime(eventTime) ?? eventTime;
}

/** A run says its outputs when it can: what its start named counts for the end that names none, above all where it fails. */
function withOutputsOfRun(events: readonly Event[]): Event[] {
  const known = new Map<string, Dataset[]>();
  return events.map((event) => {
    const run = event.run?.runId;
    if (run === undefined) return event;
    if (event.outputs.length > 0) known.set(run, event.outputs);
    return event.outputs.length > 0 ? event : { ...event, outputs: known.get(run) ?? [] };
  });
}

function addJob(
  event: Event,
  job: Job,
  assets: Map<string, AssetDraft>,
  edges: Map<string, EdgeDraft>,
): void {
  // A job that touches no dataset is a step inside another one, or the whole of a run.
  if (event.inputs.length === 0 && event.outputs.length === 0) return;
  const add = (edge: EdgeDraft): void => {
    if (edge.from !== edge.to) edges.set(`${edge.from} ${edge.to} ${edge.kind}`, edge);
  };
  if (event.outputs.length === 0) return;
  const jobId = idOf(job);
  assets.set(jobId, jobAsset(job, assets.get(jobId)));
  for (const output of event.outputs) {
    add({ from: jobId, to: idOf(output), kind: 'runs' });
    for (const input of event.inputs) add({ from: idOf(input), to: idOf(output), kind: 'upstream' });
  }
}

/** OpenLineage names everything by namespace and name. */
function idOf(thing: { namespace: string; name: string }): string {
  return `${thing.namespace}:${thing.name}`;
}

function datasetAsset(dataset: Dataset, before: AssetDraft | undefined): AssetDraft {
  const fields = SchemaFacet.safeParse(dataset.facets.schema).data?.fields ?? [];
  const description = asText(
    isPlainObject(dataset.facets.documentation) ? dataset.facets.documentation.description : undefined,
  );
  return newAsset(
    { sourceId: idOf(dataset), kind: 'source', name: nameOf(dataset) },
    {
      description: description ?? before?.description ?? '',
      owners: ownersOf(dataset.facets, before),
      columns:
        fields.length === 0
          ? (before?.columns ?? [])
          : fields.map((field) => ({
              name: field.name,
              description: field.description ?? '',
              tags: [],
              classification: [],
              meta: {},
              ...present({ dataType: field.type }),
            })),
      context: [dataset.namespace],
      ...present({ relation: relationOf(dataset) ?? before?.relation }),
    },
  );
}

/**
 * Namespaces in which a dot is no border between schema and table: folders and files, and topics.
 * https://openlineage.io/docs/spec/naming
 */
const untabled =
  /^(?:s3a?|gs|gcs|hdfs|file|dbfs|abfss?|wasbs?|adl|sftp|ftp|kafka|pubsub|kinesis|eventhubs?)(?::|$)/i;

/** The table, the file or the topic without what it lies in. */
function nameOf({ namespace, name }: Dataset): string {
  const parts = untabled.test(namespace) ? name.replace(/\/+$/, '').split('/') : name.split('.');
  return parts.at(-1) || name;
}

/** A dataset of files (`s3://…`) says in its symlinks which table it is. */
function relationOf(dataset: Dataset): string | undefined {
  const links = SymlinksFacet.safeParse(dataset.facets.symlinks).data?.identifiers ?? [];
  const table = links.find((link) => link.type?.toUpperCase() === 'TABLE')?.name;
  if (untabled.test(dataset.namespace)) return table;
  return isRelation(dataset.name) && dataset.name.includes('.') ? dataset.name : table;
}

function jobAsset(job: Job, before: AssetDraft | undefined): AssetDraft {
  const documentation = isPlainObject(job.facets.documentation)
    ? asText(job.facets.documentation.description)
    : undefined;
  return newAsset(
    { sourceId: idOf(job), kind: 'pipeline', name: job.name },
    {
      description: documentation ?? before?.description ?? '',
      owners: ownersOf(job.facets, before),
      context: [job.namespace],
    },
  );
}

function ownersOf(facets: Record<string, unknown>, before: AssetDraft | undefined): AssetDraft['owners'] {
  const owners = OwnershipFacet.safeParse(facets.ownership).data?.owners ?? [];
  // Owners are written `team:data` or `user:ada`.
  return owners.length === 0
    ? (before?.owners ?? [])
    : owners.map(({ name }) =>
        name.startsWith('team:') ? { team: name.slice(5) } : { name: name.replace(/^user:/, '') },
      );
}

function signalsOf(event: Event): SignalDraft[] {
  const observedAt = timeOf(event);
  const checks = event.inputs.flatMap((input) => {
    const assertions =
      AssertionsFacet.safeParse(input.inputFacets.dataQualityAssertions ?? input.facets.dataQualityAssertions)
        .data?.assertions ?? [];
    return assertions.map(
      (check): SignalDraft => ({
        sourceId: idOf(input),
        type: 'test',
        name: check.assertion,
        status: check.success ? 'pass' : 'fail',
        observedAt,
        ...present({ columnName: check.column }),
      }),
    );
  });
  const job = event.job?.name ?? 'job';
  if (event.eventType === 'COMPLETE') {
    return [
      ...checks,
      ...event.outputs.flatMap((output): SignalDraft[] => [
        // What a finished run wrote is as fresh as its end.
        {
          sourceId: idOf(output),
          type: 'freshness',
          name: job,
          status: 'pass',
          observedAt,
          loadedAt: observedAt,
        },
        { sourceId: idOf(output), type: 'run', name: job, status: 'pass', observedAt },
        ...volumeOf(output, observedAt),
      ]),
    ];
  }
  if (event.eventType !== 'FAIL' && event.eventType !== 'ABORT') return checks;
  const error = event.run?.facets.errorMessage;
  const message = isPlainObject(error) ? asText(error.message) : undefined;
  return [
    ...checks,
    ...event.outputs.map(
      (output): SignalDraft => ({
        sourceId: idOf(output),
        type: 'run',
        name: job,
        status: event.eventType === 'FAIL' ? 'error' : 'skipped',
        observedAt,
        ...present({ message }),
      }),
    ),
  ];
}

function volumeOf(output: Dataset, observedAt: string): SignalDraft[] {
  const statistics = output.outputFacets.outputStatistics;
  const rows = isPlainObject(statistics) ? Number(statistics.rowCount ?? Number.NaN) : Number.NaN;
  if (!Number.isFinite(rows)) return [];
  return [
    {
      sourceId: idOf(output),
      type: 'volume',
      name: 'rows written',
      status: 'pass',
      observedAt,
      value: rows,
      unit: 'rows',
    },
  ];
}
