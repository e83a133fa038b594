import {
  bool,
  byType,
  type Check,
  eitherOf,
  finiteNumber,
  integer,
  later,
  list,
  oneOf,
  type Shape,
  shape,
  text,
  typed,
  url,
} from './checks.js';
import { anyText, blockId, mrkdwnText, plainText, slackFile } from './composition.js';
import {
  accessoryElements,
  actionsElements,
  contextActionsElements,
  elementRules,
  imageElement,
  inputElements,
} from './elements.js';
import { richTextBlock, richTextElements } from './rich-text.js';

/** Every block (docs.slack.dev/reference/block-kit/blocks), each with exactly the fields it may have. */

function block(type: string, fields: Shape): Check {
  return shape({
    ...fields,
    required: { ...typed(type), ...fields.required },
    optional: { block_id: blockId, ...fields.optional },
  });
}
/** At least one of these fields. */
function someOf(...fields: string[]): NonNullable<Shape['also']> {
  return (value, pointer, report) => {
    if (!fields.some((field) => value[field] !== undefined))
      report(`must provide one of ${fields.join(', ')}`, pointer);
  };
}

const rawText = shape({ required: { ...typed('raw_text'), text: text(10_000, { min: 0 }) } });
const filledRawText = shape({ required: { ...typed('raw_text'), text: text(10_000) } });
const richCell = shape({ required: { ...typed('rich_text'), elements: richTextElements } });
const tableCell = byType({ raw_text: rawText, rich_text: richCell }, 'a table cell');
const dataCell = byType(
  {
    raw_text: filledRawText,
    raw_number: shape({
      required: { ...typed('raw_number'), value: finiteNumber },
      optional: { text: text(10_000) },
    }),
    rich_text: richCell,
  },
  'a data_table cell',
);
const columnSetting: Check = (value, pointer, report) => {
  if (value === null) return;
  shape({ optional: { align: oneOf('left', 'center', 'right'), is_wrapped: bool } })(value, pointer, report);
};

const card = block('card', {
  optional: {
    hero_image: imageElement,
    icon: imageElement,
    title: mrkdwnText(150),
    subtitle: mrkdwnText(150),
    body: mrkdwnText(200),
    actions: list(elementRules.button ?? bool, 1, 2),
  },
  also: someOf('hero_image', 'title', 'actions', 'body'),
});
const taskCard = block('task_card', {
  required: {
    task_id: text(255),
    title: text(3000),
    status: oneOf('pending', 'in_progress', 'complete', 'error'),
  },
  optional: {
    details: richTextBlock,
    output: richTextBlock,
    sources: list(shape({ required: { ...typed('url'), url: url(3000), text: text(3000) } }), 0, 50),
  },
});

const point = shape({ required: { label: text(20), value: finiteNumber } });
const series = shape({ required: { name: text(20), data: list(point, 1, 20) } });
const cartesian = shape({
  required: {
    type: oneOf('line', 'bar', 'area'),
    series: list(series, 1, 6),
    axis_config: shape({
      required: { categories: list(text(20), 1, 20, { unique: true }) },
      optional: { x_label: text(50, { min: 0 }), y_label: text(50, { min: 0 }) },
    }),
  },
  also: (value, pointer, report) => {
    const given = Array.isArray(value.series) ? value.series : [];
    const names = given.map((one: { name?: unknown }) => one?.name);
    if (new Set(names).size < names.length) report('series names must be unique', `${pointer}/series`);
    const axis = value.axis_config as { categories?: unknown } | undefined;
    const categories = JSON.stringify([...(Array.isArray(axis?.categories) ? axis.categories : [])].sort());
    given.forEach((one: { data?: unknown }, index) => {
      const labels = (Array.isArray(one?.data) ? one.data : []).map((p: { label?: unknown }) => p?.label);
      if (JSON.stringify(labels.sort()) !== categories) {
        report('must have exactly one point per category', `${pointer}/series/${index}/data`);
      }
    });
  },
});
const pie = shape({
  required: {
    ...typed('pie'),
    segments: list(
      shape({
        required: { label: text(20), value: finiteNumber },
        also: (value, pointer, report) => {
          if (typeof value.value === 'number' && value.value <= 0)
            report('must be greater than 0', `${pointer}/value`);
        },
      }),
      1,
      6,
    ),
  },
});

const containerChildren = [
  'actions',
  'context',
  'divider',
  'header',
  'image',
  'input',
  'rich_text',
  'section',
  'table',
  'video',
];

export const blockRules: { [type: string]: Check } = {
  actions: block('actions', {
    required: { elements: list(byType(actionsElements, 'an actions block'), 1, 25) },
  }),
  alert: block('alert', {
    required: { text: anyText(3000) },
    optional: { level: oneOf('default', 'info', 'warning', 'error', 'success') },
  }),
  card,
  carousel: block('carousel', { required: { elements: list(card, 1, 10) } }),
  container: block('container', {
    required: {
      child_blocks: list(
        later(() => byType(only(blockRules, containerChildren), 'a container')),
        1,
        10,
      ),
    },
    optional: {
      title: plainText(150),
      rich_text_title: richTextBlock,
      subtitle: anyText(150),
      icon: imageElement,
      width: oneOf('narrow', 'standard', 'wide', 'full'),
      is_collapsible: bool,
      default_collapsed: bool,
      has_header_divider: bool,
    },
    also: (value, pointer, report) => {
      someOf('title', 'rich_text_title')(value, pointer, report);
      if (value.default_collapsed === true && value.is_collapsible !== true) {
        report('default_collapsed needs is_collapsible', pointer);
      }
    },
  }),
  context: block('context', {
    required: {
      elements: list(
        byType(
          { image: imageElement, plain_text: plainText(3000), mrkdwn: mrkdwnText(3000) },
          'a context block',
        ),
        1,
        10,
      ),
    },
  }),
  context_actions: block('context_actions', {
    required: { elements: list(byType(contextActionsElements, 'a context_actions block'), 1, 5) },
  }),
  data_table: block('data_table', {
    required: { caption: text(3000), rows: list(list(dataCell, 1, 20), 2, 101) },
    optional: { page_size: integer(1, 100), row_header_column_index: integer(0, 19) },
    also: (value, pointer, report) => {
      const rows = Array.isArray(value.rows) ? value.rows : [];
      const widths = new Set(rows.map((row: unknown) => (Array.isArray(row) ? row.length : 0)));
      if (widths.size > 1) report('every row must have as many cells as the header', `${pointer}/rows`);
      const header: unknown = rows[0];
      if (Array.isArray(header) && header.some((cell: { type?: unknown }) => cell?.type === 'rich_text')) {
        report('the header row cannot have rich_text cells', `${pointer}/rows/0`);
      }
      if (
        typeof value.row_header_column_index === 'number' &&
        value.row_header_column_index >= Math.max(...widths)
      ) {
        report('must point at a column', `${pointer}/row_header_column_index`);
      }
    },
  }),
  data_visualization: block('data_visualization', {
    required: {
      title: text(50),
      chart: byType({ line: cartesian, bar: cartesian, area: cartesian, pie }, 'a chart'),
    },
  }),
  divider: block('divider', {}),
  header: block('header', { required: { text: plainText(150) }, optional: { level: integer(1, 4) } }),
  image: block('image', {
    required: { alt_text: text(2000) },
    optional: { image_url: url(3000), slack_file: slackFile, title: plainText(2000) },
    also: eitherOf('image_url', 'slack_file'),
  }),
  input: block('input', {
    required: { label: plainText(2000), element: byType(inputElements, 'an input block') },
    optional: { dispatch_action: bool, hint: plainText(2000), optional: bool },
    also: (value, pointer, report) => {
      const element = value.element as { type?: unknown } | undefined;
      if (element?.type === 'file_input' && value.dispatch_action === true) {
        report('file_input cannot dispatch actions', `${pointer}/dispatch_action`);
      }
    },
  }),
  markdown: block('markdown', { required: { text: text(12_000) } }),
  plan: block('plan', { required: { title: text(3000) }, optional: { tasks: list(taskCard, 0, 50) } }),
  rich_text: richTextBlock,
  section: block('section', {
    optional: {
      text: anyText(3000),
      fields: list(anyText(2000), 1, 10),
      accessory: byType(accessoryElements, 'a section accessory'),
      expand: bool,
    },
    also: someOf('text', 'fields'),
  }),
  table: block('table', {
    required: { rows: list(list(tableCell, 1, 20), 1, 100) },
    optional: { column_settings: list(columnSetting, 0, 20) },
  }),
  task_card: taskCard,
  video: block('video', {
    required: {
      alt_text: text(2000),
      title: plainText(199),
      thumbnail_url: url(3000),
      video_url: url(3000, /^https:\/\/\S+$/),
    },
    optional: {
      author_name: text(49, { min: 0 }),
      description: plainText(199),
      provider_icon_url: url(3000),
      provider_name: text(255),
      title_url: url(3000, /^https:\/\/\S+$/),
    },
  }),
};

function only(rules: { [type: string]: Check }, types: string[]): { [type: string]: Check } {
  return Object.fromEntries(Object.entries(rules).filter(([type]) => types.includes(type)));
}

/** Where a block may stand. `file` only ever appears in what Slack answers. */
export const blockSurfaces: { [type: string]: readonly ('message' | 'modal' | 'home')[] } = {
  actions: ['message', 'modal', 'home'],
  alert: ['modal'],
  card: ['message'],
  carousel: ['message'],
  container: ['message', 'home'],
  context: ['message', 'modal', 'home'],
  context_actions: ['message'],
  data_table: ['message'],
  data_visualization: ['message'],
  divider: ['message', 'modal', 'home'],
  header: ['message', 'modal', 'home'],
  image: ['message', 'modal', 'home'],
  input: ['message', 'modal', 'home'],
  markdown: ['message'],
  plan: ['message'],
  rich_text: ['message', 'modal', 'home'],
  section: ['message', 'modal', 'home'],
  table: ['message'],
  task_card: ['message'],
  video: ['message', 'modal', 'home'],
};
