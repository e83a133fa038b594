import { durationWords } from '../report/words.js';
import { escapeXml, fontFamily, toPng } from './png.js';

export interface Bar {
  label: string;
  value: number;
  /** What stands at the bar's end. */
  words: string;
}

export interface ChartPicture {
  png: Uint8Array;
  svg: string;
  altText: string;
}

const width = 720;
const barHeight = 26;
const left = 190;

/** Horizontal bars with their numbers in words. The same numbers are the alt text. */
export function drawBars(title: string, bars: readonly Bar[]): ChartPicture {
  const shown = bars.slice(0, 15);
  const height = 60 + shown.length * (barHeight + 10);
  const most = Math.max(1, ...shown.map(({ value }) => value));
  const rows = shown.map((bar, index) => {
    const y = 48 + index * (barHeight + 10);
    const length = Math.max(2, ((width - left - 130) * bar.value) / most);
    return `<text x="${left - 10}" y="${y + 18}" text-anchor="end" font-size="14">${escapeXml(clip(bar.label))}</text><rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="3" fill="#3b6ea8"/><text x="${(left + length + 8).toFixed(1)}" y="${y + 18}" font-size="14">${escapeXml(bar.words)}</text>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${fontFamily}"><rect width="100%" height="100%" fill="#fff"/><text x="16" y="28" font-size="17" font-weight="bold">${escapeXml(title)}</text>${rows.join('')}</svg>`;
  return {
    svg,
    png: toPng(svg),
    altText: `${title}: ${shown.map(({ label, words }) => `${label} ${words}`).join(', ') || 'no data'}.`,
  };
}

/** Mean times as bars. */
export function timeBars(figures: { mttd: number | null; mtta: number | null; mttr: number | null }): Bar[] {
  return [
    { label: 'to detect (MTTD)', value: figures.mttd ?? 0, words: durationWords(figures.mttd) },
    { label: 'to acknowledge (MTTA)', value: figures.mtta ?? 0, words: durationWords(figures.mtta) },
    { label: 'to resolve (MTTR)', value: figures.mttr ?? 0, words: durationWords(figures.mttr) },
  ];
}

function clip(text: string): string {
  return text.length <= 24 ? text : `${text.slice(0, 23)}…`;
}
