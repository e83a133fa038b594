import { createRequire } from 'node:module';
import path from 'node:path';
import { Resvg } from '@resvg/resvg-js';

const fontFolder = path.join(
  path.dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')),
  'ttf',
);
/** Fonts that ship with the product: a picture looks the same on a machine that has none. */
const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) => path.join(fontFolder, name));

export const fontFamily = 'DejaVu Sans';

/** SVG to PNG, at most `maxWidth` pixels wide, on white. */
export function toPng(svg: string, maxWidth = 1_600): Uint8Array {
  const resvg = new Resvg(svg, {
    background: '#ffffff',
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: fontFamily },
    fitTo: { mode: 'zoom', value: 1.5 },
  });
  if (resvg.width * 1.5 <= maxWidth) return resvg.render().asPng();
  return new Resvg(svg, {
    background: '#ffffff',
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: fontFamily },
    fitTo: { mode: 'width', value: maxWidth },
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
