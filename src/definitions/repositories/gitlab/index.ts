import path from 'node:path';
import { z } from 'zod';
import { type Call, call, fromBase64, reasonOf } from '../http.js';
import { type RepositoryConnector, RepositoryError } from '../repository.js';
import { File, GitlabConfig, MergeRequest, Tree } from './schema.js';

/** GitLab, through its REST API: files, commits, merge requests. */
export const gitlab = {
  type: 'gitlab',
  config: GitlabConfig,
  open(config, context) {
    const token = context.secret(config.token.env);
    if (token === undefined) throw new RepositoryError(`${config.token.env} is not set.`);
    const base = `${config.url.replace(/\/$/, '')}/projects/${encodeURIComponent(config.project)}`;
    const ask = <Shape>(
      where: string,
      query: Record<string, string>,
      rest: Omit<Call<Shape>, 'url' | 'headers'>,
    ) => {
      const url = new URL(`${base}/${where}`);
      for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
      return call(context, { ...rest, url, headers: { 'private-token': token } });
    };
    const inFolder = (file: string): string => path.posix.join(config.folder, file);
    const fileAt = async (file: string, ref: string): Promise<string | null> => {
      // GitLab wants the whole path as one segment, slashes escaped.
      const found = await ask(
        `repository/files/${encodeURIComponent(inFolder(file))}`,
        { ref },
        { shape: File, expected: [404] },
      );
      return found.ok ? fromBase64(found.value.content) : null;
    };
    return {
      async list(folder) {
        const found = await ask(
          'repository/tree',
          { path: inFolder(folder), ref: config.branch, per_page: '100' },
          { shape: Tree, expected: [404] },
        );
        return found.ok ? found.value.filter(({ type }) => type === 'blob').map(({ name }) => name) : [];
      },
      read: (file) => fileAt(file, config.branch),
      async propose({ branch, path: file, text, title, body }) {
        const known = await ask(
          'merge_requests',
          { source_branch: branch, target_branch: config.branch, state: 'all' },
          { shape: z.array(MergeRequest) },
        );
        const [earlier] = known.ok ? known.value : [];
        if (earlier !== undefined) return { url: earlier.web_url };
        if ((await fileAt(file, branch)) !== text) {
          const commit = await ask(
            'repository/commits',
            {},
            {
              method: 'POST',
              body: {
                branch,
                start_branch: config.branch,
                commit_message: title,
                actions: [{ action: 'update', file_path: inFolder(file), content: text }],
              },
              shape: z.unknown(),
              expected: [400],
            },
          );
          // 400 also says that the branch is there already, from an attempt whose answer was lost.
          if (!commit.ok && !/already exists/i.test(commit.text))
            throw new RepositoryError(
              `${url(config)} refuses the commit: ${reasonOf(commit.status, commit.text)}`,
            );
        }
        const made = await ask(
          'merge_requests',
          {},
          {
            method: 'POST',
            body: {
              source_branch: branch,
              target_branch: config.branch,
              title,
              description: body,
              remove_source_branch: true,
            },
            shape: MergeRequest,
          },
        );
        if (!made.ok) throw new Error('no merge request was made');
        return { url: made.value.web_url };
      },
    };
  },
} satisfies RepositoryConnector<GitlabConfig>;

function url(config: GitlabConfig): string {
  return new URL(config.url).host;
}
