import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';

const sha = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * The commit that is checked out where a file or folder lies; undefined outside of a checkout. Git is not run: `HEAD`, the branch it names and `packed-refs` are
 * read (git-scm.com, gitrepository-layout). Never throws.
 */
export async function gitRevision(given: string): Promise<string | undefined> {
  const gitDir = await gitDirAbove(path.resolve(given));
  if (gitDir === undefined) return undefined;
  const head = await textOf(path.join(gitDir, 'HEAD'));
  const branch = /^ref: (refs\/\S+)$/.exec(head)?.[1];
  if (branch === undefined) return sha.test(head) ? head : undefined;
  // a further worktree keeps its own HEAD, and the branches where the first one has them
  const common = path.resolve(gitDir, (await textOf(path.join(gitDir, 'commondir'))) || '.');
  const loose = await textOf(path.join(common, branch));
  if (sha.test(loose)) return loose;
  const packed = (await textOf(path.join(common, 'packed-refs')))
    .split('\n')
    .find((line) => line.endsWith(` ${branch}`));
  const found = packed?.split(' ')[0] ?? '';
  return sha.test(found) ? found : undefined;
}

async function gitDirAbove(start: string): Promise<string | undefined> {
  for (let folder = start; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, '.git');
    const found = await stat(candidate).catch(() => undefined);
    if (found?.isDirectory()) return candidate;
    if (found?.isFile()) {
      const elsewhere = /^gitdir: (.+)$/.exec(await textOf(candidate))?.[1];
      return elsewhere === undefined ? undefined : path.resolve(folder, elsewhere);
    }
    if (path.dirname(folder) === folder) return undefined;
  }
}

async function textOf(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).trim();
}
