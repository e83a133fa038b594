/** One asset backfill that Dagster holds. */
export interface DagsterBackfill {
  id: string;
  status: string;
  tags: { key: string; value: string }[];
  partitions: string[];
  /** Runs of it that have not ended. */
  unfinished: number;
}

interface Launch {
  backfillParams: { tags: { key: string; value: string }[]; partitionNames: string[] };
}

/**
 * As much of Dagster as an executor meets, as resolvers for its published schema. Dagster takes no id of ours: told twice, it
 * launches twice. With `advancing`, a backfill is under way at the first look and done at the second.
 */
export function dagsterState(params: { advancing?: boolean } = {}) {
  const backfills: DagsterBackfill[] = [];
  const looked = new Set<string>();
  const root = {
    launchPartitionBackfill: ({ backfillParams }: Launch) => {
      if (backfillParams.partitionNames.includes('1999-01-01'))
        return { __typename: 'PartitionKeysNotFoundError', message: 'no such partition', partitionKeys: [] };
      const id = `b${backfills.length + 1}`;
      const { tags, partitionNames: partitions } = backfillParams;
      backfills.push({ id, status: 'REQUESTED', tags, partitions, unfinished: 0 });
      return { __typename: 'LaunchBackfillSuccess', backfillId: id };
    },
    partitionBackfillsOrError: () => ({ __typename: 'PartitionBackfills', results: backfills }),
    partitionBackfillOrError: ({ backfillId }: { backfillId: string }) => {
      const found = backfills.find(({ id }) => id === backfillId);
      if (found === undefined)
        return { __typename: 'BackfillNotFoundError', message: 'no such backfill', backfillId };
      if (params.advancing && looked.has(backfillId)) found.status = 'COMPLETED_SUCCESS';
      looked.add(backfillId);
      return {
        __typename: 'PartitionBackfill',
        ...found,
        numCancelable: found.unfinished,
        partitionStatusCounts: [],
        unfinishedRuns: Array.from({ length: found.unfinished }, (_, n) => ({ runId: `run${n}` })),
        error: null,
      };
    },
    cancelPartitionBackfill: ({ backfillId }: { backfillId: string }) => {
      for (const one of backfills) if (one.id === backfillId) one.status = 'CANCELED';
      return { __typename: 'CancelBackfillSuccess', backfillId };
    },
    terminateRuns: () => ({ __typename: 'TerminateRunsResult', terminateRunResults: [] }),
    assetNodeOrError: () => ({
      __typename: 'AssetNode',
      id: 'n',
      isPartitioned: true,
      assetPartitionStatuses: {
        __typename: 'TimePartitionStatuses',
        ranges: [
          {
            startTime: Date.parse('2026-10-01') / 1000,
            endTime: Date.parse('2026-10-02') / 1000,
            status: 'FAILED',
          },
        ],
      },
    }),
    assetBackfillPreview: () => [
      {
        assetKey: { path: ['marts', 'orders'] },
        partitions: { ranges: [{ start: '2026-10-01', end: '2026-10-02' }], partitionKeys: null },
      },
    ],
  };
  return { backfills, root };
}
