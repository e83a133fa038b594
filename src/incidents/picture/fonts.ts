import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { woffToSfnt } from './woff.js';

/** Fonts that ship with the product: a picture looks the same on a machine that has none. */
export const fontFamily = 'DejaVu Sans';

const require = createRequire(import.meta.url);
const inPackage = (name: string, file: string): string =>
  path.join(path.dirname(require.resolve(`${name}/package.json`)), file);

const usual = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) =>
  inPackage('dejavu-fonts-ttf', path.join('ttf', name)),
);

/** Letters and signs that DejaVu has for certain: Latin, Greek, Cyrillic, punctuation, arrows, mathematics. */
const usualLetters = /^[\s!-\u052f\u1e00-\u1fff\u2010-\u22ff]*$/;

let everyLetter: string | null | undefined;

/**
 * The font files that a picture with this text needs. Chinese, Japanese, Korean, the scripts of India and emoji are in a second font, large and
 * plain, that is read only for a picture which has them.
 */
export function fontFilesFor(text: string): string[] {
  if (usualLetters.test(text)) return usual;
  everyLetter ??= unpackEveryLetter();
  return everyLetter === null ? usual : [...usual, everyLetter];
}

/** The renderer reads files alone, so the unpacked font stands in one of this process. Where none can be written, boxes stand for its letters. */
function unpackEveryLetter(): string | null {
  try {
    const folder = mkdtempSync(path.join(tmpdir(), 'steward-font-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const file = path.join(folder, 'unifontex.ttf');
    const packed = inPackage('@fontsource/unifontex', path.join('files', 'unifontex-latin-400-normal.woff'));
    writeFileSync(file, woffToSfnt(readFileSync(packed)));
    return file;
  } catch {
    return null;
  }
}
