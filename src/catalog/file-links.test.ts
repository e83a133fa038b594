import path from 'node:path';
import { expect, it } from 'vitest';
import { tempFiles } from '../../test/helpers/temp-files.js';
import type { Provenance } from './asset.js';
import { withFileLinks } from './file-links.js';
import { gitRevision } from './git-revision.js';
import { readSource } from './sync.js';
import { draft, snapshot } from './test-kit/asset.js';
import { sourceContext } from './test-kit/source-context.js';

function linkOf(place: Provenance, fileUrl: string): string | undefined {
  const read = snapshot({ assets: [draft({ name: 'mrr', provenance: { '*': place } })] });
  return withFileLinks(read, fileUrl).assets[0]?.provenance['*']?.url;
}

it('a file is linked with its line where it is known, and an address of its own stays', () => {
  const fileUrl = 'https://git.example/blob/main/{path}#L{line}';
  expect(linkOf({ file: 'models/a b.yml', line: 7 }, fileUrl)).toBe(
    'https://git.example/blob/main/models/a%20b.yml#L7',
  );
  expect(linkOf({ file: 'models/a.yml' }, fileUrl)).toBe('https://git.example/blob/main/models/a.yml');
  expect(linkOf({ file: 'a.yml', url: 'https://other.example/a' }, fileUrl)).toBe('https://other.example/a');
  expect(linkOf({}, fileUrl)).toBeUndefined();
});

it('a glossary in a checkout is read with its commit and the links that its entry in steward.yml gives', async () => {
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const folder = await tempFiles({
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.git/packed-refs': `# pack-refs with: peeled\n${commit} refs/heads/main\n`,
    'terms/glossary.csv': 'name,description\nBed days,Days a bed was taken\n',
    'further/.git': 'gitdir: ../.git/worktrees/further\n',
    '.git/worktrees/further/HEAD': 'ref: refs/heads/main\n',
    '.git/worktrees/further/commondir': '../..\n',
  });
  const read = await readSource(
    {
      type: 'csv',
      path: 'terms',
      fileUrl: 'https://git.example/{path}#L{line}',
      commitUrl: 'https://git.example/commit/{revision}',
    },
    { ...sourceContext(), baseDir: folder },
  );
  expect(read.info.revision).toBe(commit);
  expect(read.assets[0]?.provenance['*']).toEqual({
    file: 'glossary.csv',
    line: 2,
    url: 'https://git.example/glossary.csv#L2',
  });
  expect(await gitRevision(path.join(folder, 'further'))).toBe(commit);
});

it('a folder outside of a checkout, or in one without a commit, has none', async () => {
  const folder = await tempFiles({ '.git/HEAD': 'ref: refs/heads/new\n', 'a.csv': 'name\n' });
  expect(await gitRevision(folder)).toBeUndefined();
  expect(await gitRevision('/')).toBeUndefined();
});
