/** GraphQL documents. Validated against Dagster's published schema by a test. */
export const documents = {
  launch: `mutation StewardLaunch($params: LaunchBackfillParams!) {
    launchPartitionBackfill(backfillParams: $params) {
      __typename
      ... on LaunchBackfillSuccess { backfillId }
      ... on PythonError { message }
      ... on UnauthorizedError { message }
      ... on PartitionSetNotFoundError { message }
      ... on PartitionKeysNotFoundError { message }
      ... on InvalidSubsetError { message }
      ... on PipelineNotFoundError { message }
      ... on RunConflict { message }
    }
  }`,
  recent: `query StewardRecent($limit: Int!, $createdAfter: Float) {
    partitionBackfillsOrError(limit: $limit, filters: { createdAfter: $createdAfter }) {
      __typename
      ... on PartitionBackfills { results { id tags { key value } } }
      ... on PythonError { message }
    }
  }`,
  one: `query StewardOne($id: String!) {
    partitionBackfillOrError(backfillId: $id) {
      __typename
      ... on PartitionBackfill {
        status
        numCancelable
        partitionStatusCounts { runStatus count }
        unfinishedRuns(limit: 5) { runId }
        error { message }
      }
      ... on BackfillNotFoundError { message }
      ... on PythonError { message }
    }
  }`,
  cancel: `mutation StewardCancel($id: String!) {
    cancelPartitionBackfill(backfillId: $id) {
      __typename
      ... on UnauthorizedError { message }
      ... on PythonError { message }
    }
  }`,
  terminate: `mutation StewardTerminate($ids: [String!]!) {
    terminateRuns(runIds: $ids, terminatePolicy: SAFE_TERMINATE) {
      __typename
      ... on PythonError { message }
    }
  }`,
  preview: `query StewardPreview($asset: AssetKeyInput!, $params: AssetBackfillPreviewParams!) {
    assetNodeOrError(assetKey: $asset) {
      __typename
      ... on AssetNode {
        id
        isPartitioned
        assetPartitionStatuses {
          __typename
          ... on TimePartitionStatuses { ranges { startTime endTime status } }
        }
      }
    }
    assetBackfillPreview(params: $params) {
      assetKey { path }
      partitions { ranges { start end } partitionKeys }
    }
  }`,
} as const;
