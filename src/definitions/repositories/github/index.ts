import path from 'node:path';
import { z } from 'zod';
import { type Call, call, escapePath, fromBase64 } from '../http.js';
import { type RepositoryConnector, RepositoryError } from '../repository.js';
import { File, GithubConfig, Listing, Pull, Ref } from './schema.js';

const apiVersion = '2022-11-28';

/** GitHub, through its REST API: contents, refs, pulls. */
export const github = {
  type: 'github',
  config: GithubConfig,
  open(config, context) {
    const token = context.secret(config.token.env);
    if (token === undefined) throw new RepositoryError(`${config.token.env} is not set.`);
    const [owner = ''] = config.project.split('/');
    const base = `${config.url.replace(/\/$/, '')}/repos/${config.project}`;
    const ask = <Shape>(
      where: string,
      query: Record<string, string>,
      rest: Omit<Call<Shape>, 'url' | 'headers'>,
    ) => {
      const url = new URL(`${base}/${where}`);
      for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
      return call(context, {
        ...rest,
        url,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/vnd.github+json',
          'x-github-api-version': apiVersion,
          'user-agent': 'steward',
        },
      });
    };
    const contents = (file: string): string => `contents/${escapePath(path.posix.join(config.folder, file))}`;
    const fileAt = async (file: string, ref: string) => {
      const found = await ask(contents(file), { ref }, { shape: File, expected: [404] });
      return found.ok ? found.value : null;
    };
    return {
      async list(folder) {
        const found = await ask(
          contents(folder),
          { ref: config.branch },
          { shape: Listing, expected: [404] },
        );
        return found.ok ? found.value.filter(({ type }) => type === 'file').map(({ name }) => name) : [];
      },
      async read(file) {
        const found = await fileAt(file, config.branch);
        return found === null ? null : fromBase64(found.content);
      },
      async propose({ branch, path: file, text, title, body }) {
        const pulls = await ask(
          'pulls',
          { head: `${owner}:${branch}`, state: 'all' },
          { shape: z.array(Pull) },
        );
        const [earlier] = pulls.ok ? pulls.value : [];
        if (earlier !== undefined) return { url: earlier.html_url };
        const head = await ask(`git/ref/heads/${escapePath(config.branch)}`, {}, { shape: Ref });
        if (!head.ok) throw new RepositoryError(`${config.project} has no branch ${config.branch}.`);
        // 422: it is there already, from an attempt whose answer was lost.
        await ask(
          'git/refs',
          {},
          {
            method: 'POST',
            body: { ref: `refs/heads/${branch}`, sha: head.value.object.sha },
            shape: z.unknown(),
            expected: [422],
          },
        );
        const there = await fileAt(file, branch);
        if (there === null || fromBase64(there.content) !== text) {
          await ask(
            contents(file),
            {},
            {
              method: 'PUT',
              body: {
                message: title,
                content: Buffer.from(text).toString('base64'),
                branch,
                ...(there === null ? {} : { sha: there.sha }),
              },
              shape: z.unknown(),
            },
          );
        }
        const made = await ask(
          'pulls',
          {},
          {
            method: 'POST',
            body: { title, body, head: branch, base: config.branch },
            shape: Pull,
          },
        );
        if (!made.ok) throw new Error('no pull request was made');
        return { url: made.value.html_url };
      },
    };
  },
} satisfies RepositoryConnector<GithubConfig>;
