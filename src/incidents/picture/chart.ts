import type { IncidentStatistics } from '../report/statistics.js';
import { durationWords } from '../report/words.js';
import { fontFamily } from './fonts.js';
import { escapeXml, toPng } from './png.js';

export interface Bar {
  label: string;
  value: number;
  /** What stands at the bar's end. */
  words: string;
}

/** Bars of one unit: only these are measured against each other. */
export interface BarGroup {
  title: string;
  bars: readonly Bar[];
}

export interface ChartPicture {
  png: Uint8Array;
  svg: string;
  altText: string;
}

const width = 720;
const barHeight = 26;
const rowHeight = barHeight + 10;
const groupHead = 34;
const left = 190;
/** Room for the words at the end of the longest bar. */
const right = 130;
const mostBars = 12;

/** Horizontal bars with their numbers in words. The same numbers are the alt text. */
export function drawBars(title: string, groups: readonly BarGroup[]): ChartPicture {
  const shown = groups
    .map((group) => ({ ...group, bars: group.bars.slice(-mostBars) }))
    .filter(({ bars }) => bars.length > 0);
  const parts: string[] = [];
  let y = 44;
  for (const { title: heading, bars } of shown) {
    parts.push(
      `<text x="16" y="${y + 18}" font-size="14" font-weight="bold" fill="#444">${escapeXml(heading)}</text>`,
    );
    y += groupHead;
    const most = Math.max(1, ...bars.map(({ value }) => value));
    for (const bar of bars) {
      const length = Math.max(2, ((width - left - right) * bar.value) / most);
      parts.push(
        `<text x="${left - 10}" y="${y + 18}" text-anchor="end" font-size="14">${escapeXml(clip(bar.label))}</text><rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="3" fill="#3b6ea8"/><text x="${(left + length + 8).toFixed(1)}" y="${y + 18}" font-size="14">${escapeXml(bar.words)}</text>`,
      );
      y += rowHeight;
    }
  }
  const height = y + 12;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${fontFamily}"><rect width="100%" height="100%" fill="#fff"/><text x="16" y="28" font-size="17" font-weight="bold">${escapeXml(title)}</text>${parts.join('')}</svg>`;
  const words = shown.map(
    (group) => `${group.title}: ${group.bars.map(({ label, words: said }) => `${label} ${said}`).join(', ')}`,
  );
  return { svg, png: toPng(svg), altText: `${title}. ${words.join('. ') || 'No data'}.` };
}

/** The numbers of a period as a picture: how long it took, how many by severity, how many by week. */
export function drawStatistics(title: string, numbers: IncidentStatistics): ChartPicture {
  const { all } = numbers;
  const count = (key: string, value: number): Bar => ({
    label: key,
    value,
    words: `${value} incident${value === 1 ? '' : 's'}`,
  });
  return drawBars(title, [
    {
      title: 'Mean time',
      bars: [
        { label: 'to detect (MTTD)', value: all.mttd ?? 0, words: durationWords(all.mttd) },
        { label: 'to acknowledge (MTTA)', value: all.mtta ?? 0, words: durationWords(all.mtta) },
        { label: 'to resolve (MTTR)', value: all.mttr ?? 0, words: durationWords(all.mttr) },
      ],
    },
    {
      title: 'By severity',
      bars: Object.entries(numbers.by_severity).map(([name, figures]) => count(name, figures.count)),
    },
    // One week alone is the whole, and says nothing new.
    {
      title: 'By week',
      bars:
        numbers.by_week.length < 2
          ? []
          : numbers.by_week.map(({ week, count: value }) => count(`week of ${week}`, value)),
    },
  ]);
}

function clip(text: string): string {
  return text.length <= 24 ? text : `${text.slice(0, 23)}…`;
}
