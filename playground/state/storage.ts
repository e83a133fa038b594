import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** One record of the state; `null` removes it. Values are JSON. */
export type StateChange = [key: string, value: unknown];

/** Where the playground's state outlives its process. `save` gets changes in order, one call at a time. */
export interface PlayStorage {
  load(): Promise<StateChange[]>;
  save(changes: StateChange[]): Promise<void>;
}

/** State in one file of JSON lines: appended to while running, rewritten whole and renamed into place at each load. */
export function makeFileStorage(file: string): PlayStorage {
  return {
    load: async () => {
      const records = new Map<string, unknown>();
      const text = await readFile(file, 'utf8').catch(() => '');
      for (const line of text.split('\n')) {
        const change = parseLine(line);
        if (change === null) continue;
        if (change[1] === null) records.delete(change[0]);
        else records.set(change[0], change[1]);
      }
      await mkdir(path.dirname(file), { recursive: true });
      const compact = [...records].map((record) => `${JSON.stringify(record)}\n`).join('');
      // Tokens are among the records.
      await writeFile(`${file}.new`, compact, { mode: 0o600 });
      await rename(`${file}.new`, file);
      return [...records];
    },
    save: async (changes) => {
      await appendFile(file, changes.map((change) => `${JSON.stringify(change)}\n`).join(''));
    },
  };
}

/** A line cut short by a kill is left out; everything before it counts. */
function parseLine(line: string): StateChange | null {
  if (line === '') return null;
  try {
    const parsed: unknown = JSON.parse(line);
    if (Array.isArray(parsed) && typeof parsed[0] === 'string') return [parsed[0], parsed[1] ?? null];
  } catch {
    return null;
  }
  return null;
}

/** Keeps nothing: for tests. */
export function makeMemoryStorage(): PlayStorage {
  const records = new Map<string, unknown>();
  return {
    load: async () => structuredClone([...records]),
    save: async (changes) => {
      for (const [key, value] of structuredClone(changes)) {
        if (value === null) records.delete(key);
        else records.set(key, value);
      }
    },
  };
}
