import type {
  ActionsBlockElement,
  Button,
  ConfirmationDialog,
  ContextActionsBlockElement,
  InputBlockElement,
  KnownBlock,
  PlainTextElement,
  RichTextBlock,
  SectionBlockAccessory,
  TextObject,
} from '@slack/types';

/** Not in `@slack/types` 3.2; shape from docs.slack.dev/reference/block-kit/blocks/data-visualization-block. */
export interface DataVisualizationBlock {
  type: 'data_visualization';
  block_id?: string;
  title: string;
  chart:
    | {
        type: 'line' | 'bar' | 'area';
        series: { name: string; data: { label: string; value: number }[] }[];
        axis_config: { categories: string[]; x_label?: string; y_label?: string };
      }
    | { type: 'pie'; segments: { label: string; value: number }[] };
}

export type ShownBlock = KnownBlock | DataVisualizationBlock;
export type ShownElement =
  | ActionsBlockElement
  | InputBlockElement
  | Exclude<SectionBlockAccessory, { type: 'image' }>
  | ContextActionsBlockElement;

/** What one element holds, in the words of the control API (`elementValue` in protocol.ts). */
export type ElementValue = string | number | null | string[] | RichTextValue;
export type RichTextValue = { type: 'rich_text'; elements: RichTextBlock['elements'] };

export type { Button, ConfirmationDialog, PlainTextElement, RichTextBlock, TextObject };
