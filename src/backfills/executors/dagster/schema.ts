import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';
import { commonKeys } from '../common-config.js';

/** `executors: [{name, type: dagster, url, token?}]`; the catalog's pipeline is the asset key, parts joined by `/`. */
export const dagsterExecutor = z.strictObject({
  ...commonKeys,
  type: z.literal('dagster'),
  /** GraphQL address: `https://dagster.example/graphql`. */
  url: z.url(),
  /** Dagster+: sent as `Dagster-Cloud-Api-Token`. */
  token: secretRef.optional(),
  chunkSize: z.number().int().positive().default(10),
});
export type DagsterConfig = z.infer<typeof dagsterExecutor>;

const error = z.looseObject({ __typename: z.string(), message: z.string().optional() });

export const launched = z.looseObject({
  launchPartitionBackfill: z.union([
    z.looseObject({ __typename: z.literal('LaunchBackfillSuccess'), backfillId: z.string() }),
    error,
  ]),
});

const tagged = z.looseObject({
  id: z.string(),
  tags: z.array(z.looseObject({ key: z.string(), value: z.string() })),
});
export const backfillList = z.looseObject({ results: z.array(tagged) });
export const recent = z.looseObject({
  partitionBackfillsOrError: z.union([
    z.looseObject({ __typename: z.literal('PartitionBackfills'), results: z.array(tagged) }),
    error,
  ]),
});

export const one = z.looseObject({
  partitionBackfillOrError: z.union([
    z.looseObject({
      __typename: z.literal('PartitionBackfill'),
      status: z.string(),
      numCancelable: z.number().int(),
      partitionStatusCounts: z
        .array(z.looseObject({ runStatus: z.string(), count: z.number().int() }))
        .catch([]),
      unfinishedRuns: z.array(z.looseObject({ runId: z.string() })),
      error: z.looseObject({ message: z.string() }).nullish(),
    }),
    error,
  ]),
});

export const cancelled = z.looseObject({ cancelPartitionBackfill: error });

export const statuses = z.looseObject({
  assetNodeOrError: z.looseObject({
    __typename: z.string(),
    id: z.string().optional(),
    isPartitioned: z.boolean().optional(),
    assetPartitionStatuses: z
      .looseObject({
        __typename: z.string(),
        ranges: z
          .array(z.looseObject({ startTime: z.number(), endTime: z.number(), status: z.string() }))
          .optional(),
      })
      .nullish(),
  }),
  assetBackfillPreview: z.array(
    z.looseObject({
      assetKey: z.looseObject({ path: z.array(z.string()) }),
      partitions: z
        .looseObject({
          ranges: z.array(z.looseObject({ start: z.string(), end: z.string() })).nullish(),
          partitionKeys: z.array(z.string()).nullish(),
        })
        .nullish(),
    }),
  ),
});
