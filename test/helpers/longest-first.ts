import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, the longest first: begun last, one of them would hold up the end of the whole run. */
const long = [
  'test/backfills/kill.test.ts',
  'test/backfills/kill-whole.test.ts',
  'src/approvals/engine/orders.property.test.ts',
  'src/access/provisioners/postgres/postgres.test.ts',
  'test/backfills/kill-elsewhere.test.ts',
  'src/catalog/scale.test.ts',
  'src/catalog/sources/fuzz.test.ts',
  'test/cli/contract.test.ts',
  'test/demo/walks.test.ts',
  'test/demo/access.test.ts',
  'test/edge/verbs.test.ts',
  'src/incidents/grouping/group.test.ts',
  'test/cli/start.test.ts',
  'src/backfills/window/parse.test.ts',
  'test/governance/visibility.test.ts',
  'test/edge/kill.test.ts',
  'demo/story.test.ts',
  'test/incidents/door.test.ts',
  'src/db/embedded/server.test.ts',
  'test/backfills/run.test.ts',
  'test/backfills/executors-in-a-run.test.ts',
  'demo/warehouse/load.test.ts',
  'test/edge/processes.test.ts',
];

/** Vitest's order, which puts large files first where it knows nothing better, after the ones that are known to be long. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = long.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? long.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
