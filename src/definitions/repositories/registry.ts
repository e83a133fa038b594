import { z } from 'zod';
import { StartRefusedError } from '../../errors.js';
import { github } from './github/index.js';
import { GithubConfig } from './github/schema.js';
import { gitlab } from './gitlab/index.js';
import { GitlabConfig } from './gitlab/schema.js';
import type { Repository, RepositoryContext } from './repository.js';

/** `repository` beside a source of steward.yml. One line per kind. */
export const RepositoryConfig = z.discriminatedUnion('type', [GithubConfig, GitlabConfig]);
export type RepositoryConfig = z.infer<typeof RepositoryConfig>;

/** @throws StartRefusedError naming the source whose `repository` is wrong. */
export function readRepositories(
  sources: readonly { type: string; name?: string | undefined; repository?: unknown }[],
): (RepositoryConfig | null)[] {
  return sources.map(({ type, name, repository }) => {
    if (repository === undefined) return null;
    const read = RepositoryConfig.safeParse(repository);
    if (read.success) return read.data;
    throw new StartRefusedError(
      `catalog.sources, ${name ?? type}, repository: ${z.prettifyError(read.error).replaceAll('\n', ' ')}`,
    );
  });
}

/** @throws RepositoryError when its token is not set. */
export function openRepository(config: RepositoryConfig, context: RepositoryContext): Repository {
  switch (config.type) {
    case 'github':
      return github.open(config, context);
    case 'gitlab':
      return gitlab.open(config, context);
  }
}
