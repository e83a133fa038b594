import { describe, expect, test } from 'vitest';
import { drawBars } from './chart.js';
import { fontFilesFor } from './fonts.js';
import { labelLines } from './label.js';
import { drawLineage, type PictureAsset } from './lineage.js';
import { woffToSfnt } from './woff.js';

function box(index: number, more: Partial<PictureAsset> = {}): PictureAsset {
  return {
    assetId: `a${index}`,
    name: `model_${index}`,
    kind: 'model',
    relation: index === 0 ? 'direct' : 'downstream',
    viaId: index === 0 ? null : `a${index - 1}`,
    tier: 2,
    distance: index,
    ...more,
  };
}

describe('the picture of an incident', () => {
  test.each([
    ['Chinese', '订单日', '收入周'],
    ['Japanese', 'データ', 'テスト'],
    ['Korean', '주문일', '매출월'],
    ['Hindi', 'कखग', 'चछज'],
    ['emoji', '🔥🚀🙂', '🎉🐛🧯'],
  ])('draws %s letters, not the same box for each', async (_, name, other) => {
    const [one, two] = await Promise.all(
      [name, other].map((word) => drawLineage('INC-1', [box(0, { name: word })])),
    );
    expect(one?.svg.length).toBe(two?.svg.length);
    expect(Buffer.from(one?.png ?? []).equals(Buffer.from(two?.png ?? []))).toBe(false);
  });

  test('draws Chinese letters in charts too', () => {
    const [one, two] = ['订单日', '收入周'].map((label) =>
      drawBars('By domain', [{ title: 'Domain', bars: [{ label, value: 1, words: '1' }] }]),
    );
    expect(Buffer.from(one?.png ?? []).equals(Buffer.from(two?.png ?? []))).toBe(false);
  });

  test('asks for the large font only where a letter needs it', () => {
    expect(fontFilesFor('<text>fct_orders · größe → ελ ру</text>')).toHaveLength(2);
    expect(fontFilesFor('<text>订单</text>')).toHaveLength(3);
    expect(() => woffToSfnt(Buffer.from('<html>'))).toThrow('not a WOFF font');
  });

  test('is a PNG with the broken part named in words, not by colour alone', async () => {
    const picture = await drawLineage('INC-1', [box(0), box(1), box(2)]);
    expect([...picture.png.slice(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    expect(picture.svg).toContain('BROKEN: model_0');
    expect(picture.altText).toBe('INC-1. Broken: model_0. Affected downstream: model_1, model_2.');
  });

  test('shows hostile names as text and never as markup', async () => {
    const picture = await drawLineage('"];evil[label="', [
      box(0, { name: '<script>alert("x")</script>\\N"]; x -> y' }),
      box(1, { name: 'a & b <b>' }),
    ]);
    expect(picture.svg).not.toContain('<script>');
    expect(picture.svg).toContain('&lt;script&gt;');
    const turned = await drawLineage('INC-1', [box(0, { name: 'rev\u202eenue\norders' })]);
    expect(turned.svg).toContain('revenue orders');
    expect(picture.svg).not.toMatch(/<title>x<\/title>/);
  });

  test('breaks a long name into lines at its words, so that one name does not make all others tiny', async () => {
    expect(labelLines('fct_inference_usage_daily')).toEqual(['fct_inference_usage_daily']);
    expect(labelLines('analytics_prod.intermediate.int_allocation_hours_by_customer_daily')).toEqual([
      'analytics_prod.intermediate.',
      'int_allocation_hours_by_',
      'customer_daily',
    ]);
    expect(labelLines('x'.repeat(200)).map(({ length }) => length)).toEqual([28, 28, 28]);
    const { svg } = await drawLineage('INC-1', [box(0), box(1, { name: 'x'.repeat(200) }), box(2)]);
    expect(Number(/width="(\d+)pt"/.exec(svg)?.[1])).toBeLessThan(700);
    expect(svg).toContain('model, tier 2');
  });

  test('counts what does not fit instead of drawing a thousand boxes', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) =>
      box(index, index === 0 ? {} : { viaId: 'a0', distance: 1 }),
    );
    const picture = await drawLineage('INC-2', many);
    expect(picture.svg).toContain('and 960 more');
    expect(picture.svg).toContain('not drawn here');
  });

  test('draws charts whose alt text has the numbers', () => {
    const chart = drawBars('Incidents', [
      { title: 'Mean time', bars: [{ label: 'MTTD', value: 60, words: '1 min' }] },
      { title: 'By severity', bars: [{ label: 'sev1', value: 2, words: '2 incidents' }] },
      { title: 'By week', bars: [] },
    ]);
    expect(chart.altText).toBe('Incidents. Mean time: MTTD 1 min. By severity: sev1 2 incidents.');
    expect(chart.png.byteLength).toBeGreaterThan(500);
    // Seconds are never measured against counts: each group has its own longest bar.
    expect(chart.svg.match(/width="400\.0"/g)).toHaveLength(2);
  });
});
