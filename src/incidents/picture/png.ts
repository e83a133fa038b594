import { Resvg } from '@resvg/resvg-js';
import { fontFamily, fontFilesFor } from './fonts.js';

/** Wide enough to read on a screen; what is wider is drawn at its own size up to the second, so that its letters stay letters. */
const goodWidth = 1_600;
const maxWidth = 2_400;

/** SVG to PNG on white, at most 2,400 pixels wide. */
export function toPng(svg: string): Uint8Array {
  // Fonts are read for each picture anew; its width is known without them.
  const { width } = new Resvg(svg, { font: { loadSystemFonts: false } });
  const font = { loadSystemFonts: false, fontFiles: fontFilesFor(svg), defaultFontFamily: fontFamily };
  const fitTo =
    width * 1.5 <= goodWidth
      ? { mode: 'zoom' as const, value: 1.5 }
      : { mode: 'width' as const, value: Math.min(maxWidth, Math.max(goodWidth, width)) };
  return new Resvg(svg, { background: '#ffffff', font, fitTo }).render().asPng();
}

/** Text inside SVG. Control characters are not allowed in XML at all. */
export function escapeXml(text: string): string {
  return [...text]
    .filter((char) => char >= ' ')
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
