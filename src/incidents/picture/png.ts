import { Resvg } from '@resvg/resvg-js';
import { fontFamily, fontFilesFor } from './fonts.js';

/** Wide enough to read on a screen; what is wider is drawn at its own size up to the second, so that its letters stay letters. */
const goodWidth = 1_600;
const maxWidth = 2_400;

/** SVG to PNG on white, at most 2,400 pixels wide. */
export function toPng(svg: string): Uint8Array {
  const font = { loadSystemFonts: false, fontFiles: fontFilesFor(svg), defaultFontFamily: fontFamily };
  const resvg = new Resvg(svg, { background: '#ffffff', font, fitTo: { mode: 'zoom', value: 1.5 } });
  if (resvg.width * 1.5 <= goodWidth) return resvg.render().asPng();
  return new Resvg(svg, {
    background: '#ffffff',
    font,
    fitTo: { mode: 'width', value: Math.min(maxWidth, Math.max(goodWidth, resvg.width)) },
  })
    .render()
    .asPng();
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
