import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { describeWithShared, sharedPath } from '../../test/helpers/shared.js';
import { isObject } from '../mrkdwn.js';
import type { JsonObject } from '../protocol.js';
import { messageBlocks, modalBlocks, richText } from '../testing/block-samples.js';
import type { Rules } from '../testing/refusal-rules.js';
import { showsFieldRefusals, showsRefusal } from '../testing/shows-refusal.js';
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
    const refused: string[] = [];
    for (const { name, block, surface } of samples) {
      for (const change of mutations(block)) {
        if (change.kind !== 'unknown field') continue;
        expect({ name, at: change.at, ok: checkBlocks([change.block], surface).length > 0 }).toEqual({
          name,
          at: change.at,
          ok: true,
        });
        refused.push(ruleOf(name, change));
      }
    }
    showsFieldRefusals(refused);
  });

  it('refuse every block where it may not stand', () => {
    for (const { name, block } of samples) {
      for (const surface of ['message', 'modal', 'home'] as const) {
        const may = blockSurfaces[String(block.type)]?.includes(surface) === true;
        const problems = words([block], surface).filter((word) => word.startsWith('unsupported type'));
        expect({ name, surface, refused: problems.length > 0 }).toEqual({ name, surface, refused: !may });
        if (!may) showsFieldRefusals([`${String(block.type)} in a ${surface}`]);
      }
    }
  });

  it.each<[keyof Rules['Block Kit'], (object | undefined)[], string]>([
    [
      'blocks of a message',
      Array.from({ length: 51 }, () => ({ type: 'divider' })),
      'no more than 50 items allowed',
    ],
    [
      'block_id twice',
      [
        { type: 'divider', block_id: 'x' },
        { type: 'divider', block_id: 'x' },
      ],
      'block_id already exists: x',
    ],
    ['one table', [messageBlocks.table, { ...messageBlocks.data_table }], 'only_one_table_allowed'],
    [
      'two charts',
      [1, 2, 3].map((n) => ({ ...messageBlocks.data_visualization, block_id: `c${n}` })),
      'no more than 2 data_visualization blocks allowed',
    ],
    [
      'plan or tasks',
      [messageBlocks.plan, messageBlocks.task_card],
      'a plan and loose task cards cannot be mixed',
    ],
    [
      'markdown in all',
      [
        { type: 'markdown', text: 'x'.repeat(6000) },
        { type: 'markdown', text: 'x'.repeat(6001) },
      ],
      'markdown blocks together must be less than 12001 characters',
    ],
    [
      'cells in all',
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
      'action_id twice',
      [
        {
          type: 'actions',
          elements: [1, 2].map(() => ({ type: 'button', action_id: 'a', text: plain('x') })),
        },
      ],
      'action_id already exists in this block',
    ],
    ['text or fields', [{ type: 'section' }], 'must provide one of text, fields'],
    [
      'elements of actions',
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
      'points of a chart',
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
      'header of a data table',
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
      'initial option',
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
      'one focus',
      [1, 2].map((n) => ({
        type: 'input',
        block_id: `i${n}`,
        label: plain('l'),
        element: { type: 'plain_text_input', action_id: 'a', focus_on_load: true },
      })),
      'only one element can have focus_on_load',
    ],
    [
      'text object of another kind',
      [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }],
      'must be one of: plain_text',
    ],
    ['one plan', [1, 2].map((n) => ({ ...messageBlocks.plan, block_id: `p${n}` })), 'only one plan allowed'],
    [
      'file input',
      [{ type: 'input', label: plain('l'), element: { type: 'file_input', action_id: 'f' } }],
      'file_input is for modals only',
    ],
    [
      'response_url_enabled',
      [
        {
          type: 'actions',
          elements: [{ type: 'conversations_select', action_id: 'c', response_url_enabled: true }],
        },
      ],
      'response_url_enabled is for inputs in modals only',
    ],
  ])('refuse what breaks the rule on: %s', (rule, blocks, word) => {
    expect(words(blocks)).toContain(word);
    showsRefusal('Block Kit', rule);
  });

  it.each<[keyof Rules['Block Kit'], object, string]>([
    ['title of a view', { title: plain('x'.repeat(25)) }, 'must be less than 25 characters'],
    ['private_metadata', { private_metadata: 'x'.repeat(3001) }, 'must be less than 3001 characters'],
    [
      'input without submit',
      {
        submit: undefined,
        blocks: [{ type: 'input', label: plain('l'), element: { type: 'plain_text_input' } }],
      },
      'submit is required when there is an input block',
    ],
    [
      'blocks of a view',
      { blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) },
      'no more than 100 items allowed',
    ],
    ['blocks of no view', { blocks: [] }, 'no fewer than 1 items allowed'],
    ['field of a view', { colour: 'red' }, 'invalid additional property: colour'],
  ])('refuse a modal that breaks the rule on: %s', (rule, change, word) => {
    const view = {
      type: 'modal',
      title: plain('T'),
      submit: plain('Send'),
      blocks: [{ type: 'divider' }],
      ...change,
    };
    expect(checkView(view).map((problem) => problem.message)).toContain(word);
    showsRefusal('Block Kit', rule);
  });
});

interface Mutation {
  kind: 'unknown field' | 'missing field' | 'too long' | 'wrong type';
  at: string;
  block: JsonObject;
}

/** Which field of which block, and what is wrong with it; the items of a list share a rule. */
function ruleOf(name: string, { at, kind }: Mutation): string {
  return `${name}${at.replaceAll(/\/\d+/g, '')}: ${kind}`;
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
    const refused: string[] = [];
    for (const { name, block, surface } of samples) {
      for (const change of mutations(block)) {
        if (valid([change.block])) continue;
        refused.push(ruleOf(name, change));
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
    showsFieldRefusals(refused);
    expect(refused.length).toBeGreaterThan(1000);
  });

  it('agrees on an empty rich_text', () => {
    const empty = [{ ...richText, elements: [] }];
    expect([valid(empty), checkBlocks(empty, 'message')]).toEqual([true, []]);
  });
});
