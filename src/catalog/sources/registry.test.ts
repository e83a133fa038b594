import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findConnector, sourceTypes } from './registry.js';

const here = path.dirname(fileURLToPath(import.meta.url));
const folders = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe('the source registry', () => {
  it('has every connector folder, under its own name', () => {
    expect([...sourceTypes].sort()).toEqual(folders.sort());
  });

  it.each(folders)('%s stands with a test beside it, and in the documentation', (folder) => {
    expect(existsSync(path.join(here, folder, 'index.ts'))).toBe(true);
    expect(existsSync(path.join(here, folder, 'index.test.ts'))).toBe(true);
    expect(readFileSync(path.join(here, '../../../docs/catalog.md'), 'utf8')).toContain(`\`${folder}\``);
  });

  it.each(folders)(
    '%s can be meant by --source <type>:<path>, and refuses settings it does not know',
    (folder) => {
      const connector = findConnector(folder);
      const config = connector?.fromPath('/somewhere');
      expect(connector?.config.safeParse(config).success).toBe(true);
      expect(connector?.config.safeParse({ path: '/somewhere', nonsense: true }).success).toBe(false);
    },
  );
});
