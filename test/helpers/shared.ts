import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Folder with published specifications and corpora beside the project; absent on most machines. */
export const sharedDir = process.env.STEWARD_SHARED ?? path.resolve(projectRoot, '../shared');

const announced = new Set<string>();

/** Path inside the shared folder. */
export function sharedPath(...parts: string[]): string {
  return path.join(sharedDir, ...parts);
}

/**
 * A `describe` for tests that read the shared specifications or corpora. Where they are not on this machine the suite is
 * left out and one line says so; CI always has them.
 */
export function describeWithShared(part: string, title: string, body: () => void): void {
  if (existsSync(sharedPath(part))) {
    describe(title, body);
    return;
  }
  if (process.env.CI === 'true') {
    describe(title, () => {
      throw new Error(`CI needs ${sharedPath(part)}`);
    });
    return;
  }
  if (!announced.has(part)) {
    announced.add(part);
    console.log(`left out: ${title} (needs ../shared/${part}, which is not on this machine)`);
  }
  // Not the body: even one that is left out is run to find its tests, and reads what is not here.
  describe.skip(title, () => it(`needs ../shared/${part}`, () => undefined));
}
