import { isObject } from '../mrkdwn.js';
import type { JsonObject } from '../protocol.js';
import { blockRules, blockSurfaces } from './blocks.js';
import { type BlockProblem, bool, byType, list, type Report, shape, text, typed } from './checks.js';
import { plainText } from './composition.js';
import { blocksIn, elementsOf, type FoundElement } from './walk.js';

export type Surface = 'message' | 'modal' | 'home';

const blocksMax: Record<Surface, number> = { message: 50, modal: 100, home: 100 };
const anyBlock = byType(blockRules, 'a block');

/** What Slack would refuse in these blocks on this surface; empty when it takes them. `at` is the JSON pointer of the array. */
export function checkBlocks(blocks: unknown, surface: Surface, at = '/blocks'): BlockProblem[] {
  const problems: BlockProblem[] = [];
  const report: Report = (message, pointer) => problems.push({ message, pointer });
  list(anyBlock, surface === 'message' ? 0 : 1, blocksMax[surface])(blocks, at, report);
  if (Array.isArray(blocks)) {
    const whole = blocks.filter(isObject);
    checkSurface(whole, surface, at, report);
    checkIds(whole, at, report);
    checkTotals(whole, at, report);
  }
  return problems;
}

function checkSurface(blocks: JsonObject[], surface: Surface, at: string, report: Report): void {
  blocks.forEach((block, index) => {
    const surfaces = blockSurfaces[String(block.type)];
    if (surfaces !== undefined && !surfaces.includes(surface)) {
      report(`unsupported type: ${String(block.type)} in a ${surface}`, `${at}/${index}/type`);
    }
  });
  const elements = elementsOf(blocks);
  for (const { element, input } of elements) {
    if (element.type === 'file_input' && surface !== 'modal') report('file_input is for modals only', at);
    if (element.response_url_enabled === true && (surface !== 'modal' || !input)) {
      report('response_url_enabled is for inputs in modals only', at);
    }
  }
  if (elements.filter(({ element }) => element.focus_on_load === true).length > 1) {
    report('only one element can have focus_on_load', at);
  }
}

function checkIds(blocks: JsonObject[], at: string, report: Report): void {
  const seen = new Set<unknown>();
  for (const block of blocksIn(blocks)) {
    if (block.block_id !== undefined && seen.has(block.block_id)) {
      report(`block_id already exists: ${String(block.block_id)}`, at);
    }
    seen.add(block.block_id);
  }
  const byBlock = new Map<JsonObject, FoundElement[]>();
  for (const found of elementsOf(blocks))
    byBlock.set(found.block, [...(byBlock.get(found.block) ?? []), found]);
  for (const found of byBlock.values()) {
    const ids = found.map(({ element }) => element.action_id).filter((id) => id !== undefined);
    if (new Set(ids).size < ids.length) report('action_id already exists in this block', at);
  }
}

const textBlockMax = 12_000;
const tableTextMax = 10_000;

function checkTotals(blocks: JsonObject[], at: string, report: Report): void {
  const all = blocksIn(blocks);
  const count = (...types: string[]): number =>
    all.filter((block) => types.includes(String(block.type))).length;
  if (count('table', 'data_table') > 1) report('only_one_table_allowed', at);
  if (count('data_visualization') > 2) report('no more than 2 data_visualization blocks allowed', at);
  if (count('plan') > 0 && count('task_card') > 0) report('a plan and loose task cards cannot be mixed', at);
  if (count('plan') > 1) report('only one plan allowed', at);
  const markdown = all
    .filter((b) => b.type === 'markdown')
    .reduce((sum, b) => sum + String(b.text).length, 0);
  if (markdown > textBlockMax)
    report(`markdown blocks together must be less than ${textBlockMax + 1} characters`, at);
  const cells = all
    .filter((b) => b.type === 'table' || b.type === 'data_table')
    .reduce((sum, b) => sum + textLength(b.rows), 0);
  if (cells > tableTextMax)
    report(`table cells together must be less than ${tableTextMax + 1} characters`, at);
}
function textLength(node: unknown): number {
  if (Array.isArray(node)) return node.reduce<number>((sum, item) => sum + textLength(item), 0);
  if (!isObject(node)) return 0;
  const own = typeof node.text === 'string' ? node.text.length : 0;
  return own + textLength(node.elements);
}

const viewFields = {
  private_metadata: text(3000, { min: 0 }),
  callback_id: text(255, { min: 0 }),
  external_id: text(255, { min: 0 }),
};
const modal = shape({
  required: { ...typed('modal'), title: plainText(24), blocks: () => undefined },
  optional: {
    ...viewFields,
    close: plainText(24),
    submit: plainText(24),
    clear_on_close: bool,
    notify_on_close: bool,
    submit_disabled: bool,
  },
  also: (view, pointer, report) => {
    const hasInput =
      Array.isArray(view.blocks) && view.blocks.some((block) => isObject(block) && block.type === 'input');
    if (hasInput && view.submit === undefined)
      report('submit is required when there is an input block', pointer);
  },
});
const home = shape({ required: { ...typed('home'), blocks: () => undefined }, optional: viewFields });

/** What Slack would refuse in this view. */
export function checkView(view: unknown): BlockProblem[] {
  const problems: BlockProblem[] = [];
  byType({ modal, home }, 'a view')(view, '/view', (message, pointer) => problems.push({ message, pointer }));
  if (isObject(view) && (view.type === 'modal' || view.type === 'home') && view.blocks !== undefined) {
    problems.push(...checkBlocks(view.blocks, view.type, '/view/blocks'));
  }
  return problems;
}

/** As `errors` and `response_metadata.messages` carry it. */
export function wordOf({ message, pointer }: BlockProblem): string {
  return `${message} [json-pointer:${pointer}]`;
}
