import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { SourceError } from '../connector.js';

export interface SourceFile {
  /** Path inside the folder that was given, with forward slashes. */
  path: string;
  text: string;
}

const largestFileBytes = 50_000_000;

/**
 * Reads the file that was given, or every file under the folder whose name fits, in the order of their names.
 *
 * @throws SourceError when there is nothing to read, with what was looked for.
 */
export async function readSourceFiles(
  given: string,
  wanted: { pattern: RegExp; what: string },
  signal: AbortSignal,
): Promise<SourceFile[]> {
  const found = await stat(given).catch(() => undefined);
  if (found === undefined)
    throw new SourceError(`There is no file or folder ${given}. Give one with ${wanted.what}.`);
  const root = found.isDirectory() ? given : path.dirname(given);
  const paths = found.isDirectory() ? await matching(root, wanted.pattern, signal) : [path.basename(given)];
  const files: SourceFile[] = [];
  for (const file of paths) {
    const { size } = await stat(path.join(root, file));
    if (size > largestFileBytes)
      throw new SourceError(`${file} has ${size} bytes; at most ${largestFileBytes} are read.`);
    files.push({ path: file, text: decoded(await readFile(path.join(root, file))) });
  }
  if (files.length === 0) throw new SourceError(`${given} holds no ${wanted.what}.`);
  return files;
}

/** UTF-8, or what spreadsheets on Windows save instead: UTF-16 with its mark, else the old western letters. */
function decoded(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

async function matching(root: string, pattern: RegExp, signal: AbortSignal): Promise<string[]> {
  const files: string[] = [];
  const open = [''];
  for (const folder of open) {
    signal.throwIfAborted();
    const entries = await readdir(path.join(root, folder), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      if (entry.isDirectory()) open.push(relative);
      else if (entry.isFile() && pattern.test(entry.name)) files.push(relative);
    }
  }
  return files;
}
