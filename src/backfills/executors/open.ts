import { z } from 'zod';
import { issueInWords } from '../../config/issue-words.js';
import type { StewardConfig } from '../../config/steward-schema.js';
import { StartRefusedError } from '../../errors.js';
import { type Executor, type ExecutorContext, ExecutorRefusedError } from './executor.js';
import { executorConnectors } from './registry.js';

/** The executors of this installation, opened once per process. */
export interface Executors {
  get: (name: string) => Executor | undefined;
  /** Throws `ExecutorRefusedError` with a sentence when steward.yml has no such executor. */
  require: (name: string) => Executor;
  all: () => readonly Executor[];
  close: () => Promise<void>;
}

/** Checks and opens every entry of `executors` in steward.yml. A wrong entry refuses the start and names its key. */
export function openExecutors(config: Pick<StewardConfig, 'executors'>, context: ExecutorContext): Executors {
  const opened = new Map<string, Executor>();
  for (const [index, entry] of config.executors.entries()) {
    const connector = executorConnectors.find(({ type }) => type === entry.type);
    if (connector === undefined) {
      throw new StartRefusedError(
        `executors[${index}].type: ${entry.type} is no executor. Known are ${executorConnectors.map(({ type }) => type).join(', ')}.`,
      );
    }
    if (opened.has(entry.name))
      throw new StartRefusedError(`executors[${index}].name: ${entry.name} is there twice.`);
    try {
      opened.set(entry.name, connector.open(entry, context));
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      const issue = error.issues[0];
      throw new StartRefusedError(
        `executors[${index}].${issue?.path.join('.') ?? ''}: ${issueInWords(issue)}.`,
      );
    }
  }
  return makeExecutors([...opened.values()]);
}

export function makeExecutors(executors: readonly Executor[]): Executors {
  const byName = new Map(executors.map((executor) => [executor.name, executor]));
  return {
    get: (name) => byName.get(name),
    require(name) {
      const executor = byName.get(name);
      if (executor !== undefined) return executor;
      throw new ExecutorRefusedError(
        `No executor called ${name} is set up in steward.yml, so nothing can be run there. Ask an administrator of Steward.`,
      );
    },
    all: () => executors,
    async close() {
      await Promise.all(executors.map((executor) => executor.close?.()));
    },
  };
}
