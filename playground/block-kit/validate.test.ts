import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { describeWithShared, sharedPath } from '../../test/helpers/shared.js';
import { isObject } from '../mrkdwn.js';
import type { JsonObject } from '../protocol.js';
import { messageBlocks, modalBlocks, richText } from '../testing/block-samples.js';
import { countRefusals } from '../testing/count-refusals.js';
import { blockRules, blockSurfaces } from './blocks.js';
import { elementRules } from './elements.js';
import { checkBlocks, checkView } from './validate.js';

const samples = [
  ...Object.entries(messageBlocks).map(([name, block]) => ({ name, block, surface: 'message' as const })),
  ...Object.entries(modalBlocks).map(([name, block]) => ({ name, block, surface: 'modal' as const })),
];
const plain = (text: string): JsonObject => ({ type: 'plain_text', text });
const words = (blocks: unknown, surface: 'message' | 'modal' | 'home' = 'message'): string[] =>
  checkBlocks(blocks, surface).map((problem) => problem.message);

describe('Block Kit rules', () => {
  it('take one full example of every block and element', () => {
    for (const { name, block, surface } of samples)
      expect({ name, problems: checkBlocks([block], surface) }).toEqual({ name, problems: [] });
    const text = JSON.stringify(samples);
    for (const type of [...Object.keys(blockRules), ...Object.keys(elementRules)])
      expect(text).toContain(`"type":"${type}"`);
  });

  it('refuse an unknown field, wherever it stands', () => {
    let refused = 0;
    for (const { name, block, surface } of samples) {
      for (const change of mutations(block)) {
        if (change.kind !== 'unknown field') continue;
        expect({ name, at: change.at, ok: checkBlocks([change.block], surface).length > 0 }).toEqual({
          name,
          at: change.at,
          ok: true,
        });
        refused += 1;
      }
    }
    countRefusals('Block Kit', refused);
  });

  it('refuse every block where it may not stand', () => {
    for (const { name, block } of samples) {
      for (const surface of ['message', 'modal', 'home'] as const) {
        const may = blockSurfaces[String(block.type)]?.includes(surface) === true;
        const problems = words([block], surface).filter((word) => word.startsWith('unsupported type'));
        expect({ name, surface, refused: problems.length > 0 }).toEqual({ name, surface, refused: !may });
      }
    }
  });

  it.each([
    [
      '51 blocks in a message',
      Array.from({ length: 51 }, () => ({ type: 'divider' })),
      'no more than 50 items allowed',
    ],
    [
      'the same block_id twice',
      [
        { type: 'divider', block_id: 'x' },
        { type: 'divider', block_id: 'x' },
      ],
      'block_id already exists: x',
    ],
    ['two tables', [messageBlocks.table, { ...messageBlocks.data_table }], 'only_one_table_allowed'],
    [
      'three charts',
      [1, 2, 3].map((n) => ({ ...messageBlocks.data_visualization, block_id: `c${n}` })),
      'no more than 2 data_visualization blocks allowed',
    ],
    [
      'a plan beside a task card',
      [messageBlocks.plan, messageBlocks.task_card],
      'a plan and loose task cards cannot be mixed',
    ],
    [
      '12,001 characters of markdown in two blocks',
      [
        { type: 'markdown', text: 'x'.repeat(6000) },
        { type: 'markdown', text: 'x'.repeat(6001) },
      ],
      'markdown blocks together must be less than 12001 characters',
    ],
    [
      '10,001 characters in a table',
      [
        {
          type: 'table',
          rows: [
            [{ type: 'raw_text', text: 'x'.repeat(5001) }],
            [{ type: 'raw_text', text: 'x'.repeat(5000) }],
          ],
        },
      ],
      'table cells together must be less than 10001 characters',
    ],
    [
      'the same action_id twice in a block',
      [
        {
          type: 'actions',
          elements: [1, 2].map(() => ({ type: 'button', action_id: 'a', text: plain('x') })),
        },
      ],
      'action_id already exists in this block',
    ],
    ['a section with neither text nor fields', [{ type: 'section' }], 'must provide one of text, fields'],
    [
      '26 elements in actions',
      [
        {
          type: 'actions',
          elements: Array.from({ length: 26 }, (_, i) => ({
            type: 'button',
            action_id: `b${i}`,
            text: plain('x'),
          })),
        },
      ],
      'no more than 25 items allowed',
    ],
    [
      'a chart whose series misses a category',
      [
        {
          type: 'data_visualization',
          title: 't',
          chart: {
            type: 'bar',
            series: [{ name: 's', data: [{ label: 'a', value: 1 }] }],
            axis_config: { categories: ['a', 'b'] },
          },
        },
      ],
      'must have exactly one point per category',
    ],
    [
      'a data_table header with rich_text',
      [
        {
          type: 'data_table',
          caption: 'c',
          rows: [[{ type: 'rich_text', elements: [] }], [{ type: 'raw_text', text: 'a' }]],
        },
      ],
      'the header row cannot have rich_text cells',
    ],
    [
      'an initial option that is not offered',
      [
        {
          type: 'actions',
          elements: [
            {
              type: 'static_select',
              action_id: 'a',
              options: [{ text: plain('a'), value: 'a' }],
              initial_option: { text: plain('b'), value: 'b' },
            },
          ],
        },
      ],
      'initial_option must be one of the options',
    ],
    [
      'two elements that take the focus',
      [1, 2].map((n) => ({
        type: 'input',
        block_id: `i${n}`,
        label: plain('l'),
        element: { type: 'plain_text_input', action_id: 'a', focus_on_load: true },
      })),
      'only one element can have focus_on_load',
    ],
    [
      'a button in a header',
      [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }],
      'must be one of: plain_text',
    ],
  ])('refuse %s', (_what, blocks, word) => {
    expect(words(blocks)).toContain(word);
  });

  it.each([
    ['a title of 25 characters', { title: plain('x'.repeat(25)) }, 'must be less than 25 characters'],
    [
      'private_metadata of 3,001 characters',
      { private_metadata: 'x'.repeat(3001) },
      'must be less than 3001 characters',
    ],
    [
      'an input without submit',
      {
        submit: undefined,
        blocks: [{ type: 'input', label: plain('l'), element: { type: 'plain_text_input' } }],
      },
      'submit is required when there is an input block',
    ],
    [
      '101 blocks',
      { blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) },
      'no more than 100 items allowed',
    ],
    ['no blocks', { blocks: [] }, 'no fewer than 1 items allowed'],
    ['an unknown field', { colour: 'red' }, 'invalid additional property: colour'],
  ])('refuse a modal with %s', (_what, change, word) => {
    const view = {
      type: 'modal',
      title: plain('T'),
      submit: plain('Send'),
      blocks: [{ type: 'divider' }],
      ...change,
    };
    expect(checkView(view).map((problem) => problem.message)).toContain(word);
  });
});

interface Mutation {
  kind: 'unknown field' | 'missing field' | 'too long' | 'wrong type';
  at: string;
  block: JsonObject;
}

/** The block with one thing wrong with it, for everything that can be wrong with it. */
function mutations(block: JsonObject): Mutation[] {
  const found: Mutation[] = [];
  const visit = (node: unknown, path: (string | number)[]): void => {
    const at = `/${path.join('/')}`;
    const change = (kind: Mutation['kind'], edit: (target: JsonObject) => void): void => {
      const copy = structuredClone(block);
      const target = path.reduce<unknown>(
        (inner, key) => (inner as { [k: string | number]: unknown })[key],
        copy,
      );
      if (isObject(target)) edit(target);
      found.push({ kind, at, block: copy });
    };
    if (Array.isArray(node))
      node.forEach((item, index) => {
        visit(item, [...path, index]);
      });
    else if (isObject(node) && !('name' in node && 'value' in node)) {
      change('unknown field', (target) => {
        target.surprise = true;
      });
      for (const [key, value] of Object.entries(node)) {
        change('missing field', (target) => {
          delete target[key];
        });
        change('wrong type', (target) => {
          target[key] = { wrong: true };
        });
        if (typeof value === 'string')
          change('too long', (target) => {
            target[key] = `${value}${'x'.repeat(12_100)}`;
          });
        visit(value, [...path, key]);
      }
    }
  };
  visit(block, []);
  return found;
}

describeWithShared('specs/slack/block-kit', 'the published Block Kit schema', () => {
  const schema: unknown = JSON.parse(
    readFileSync(sharedPath('specs/slack/block-kit/slack-block-kit.schema.json'), 'utf8'),
  );
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  // The default export of ajv-formats is the function itself under CommonJS interop.
  (addFormats as unknown as (instance: object) => void)(ajv);
  const valid = ajv.compile(schema as object);

  it('takes every example that the rules take', () => {
    for (const { name, block } of samples) {
      const fine = valid([block]);
      expect({ name, fine, errors: fine ? null : valid.errors?.slice(0, 3) }).toEqual({
        name,
        fine: true,
        errors: null,
      });
    }
  });

  it('refuses nothing that the rules take: ours are at least as strict', () => {
    let refused = 0;
    for (const { name, block, surface } of samples) {
      for (const change of mutations(block)) {
        if (valid([change.block])) continue;
        refused += 1;
        const ours = checkBlocks([change.block], surface);
        expect({
          name,
          kind: change.kind,
          at: change.at,
          refused: ours.length > 0,
          block: ours.length > 0 ? null : change.block,
        }).toEqual({ name, kind: change.kind, at: change.at, refused: true, block: null });
      }
    }
    countRefusals('Block Kit', refused);
    expect(refused).toBeGreaterThan(1000);
  });

  it('agrees on an empty rich_text', () => {
    const empty = [{ ...richText, elements: [] }];
    expect([valid(empty), checkBlocks(empty, 'message')]).toEqual([true, []]);
  });
});
