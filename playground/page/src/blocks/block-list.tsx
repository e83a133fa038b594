import { Component, memo, type ReactNode } from 'react';
import { Markdown } from '../text/markdown-view.js';
import { RichText } from '../text/rich-text-view.js';
import {
  ActionsBlockView,
  AlertBlockView,
  ContextActionsBlockView,
  ContextBlockView,
  HeaderBlockView,
  ImageBlockView,
  SectionBlockView,
  VideoBlockView,
} from './basic-blocks.js';
import { CardBlockView, CarouselBlockView, ContainerBlockView } from './card-blocks.js';
import { ChartBlockView } from './chart.js';
import { DataTableBlockView } from './data-table.js';
import { InputBlockView } from './input-block.js';
import { TableBlockView } from './table.js';
import { PlanBlockView, TaskCardView } from './task-card.js';
import type { ShownBlock } from './types.js';

/** Blocks in order. One that cannot be drawn says so and leaves the others alone. */
export const BlockList = memo(function BlockList({
  blocks,
}: {
  blocks: readonly { [key: string]: unknown }[];
}): ReactNode {
  return (
    <div className="blocks">
      {blocks.map((block, index) => {
        const id = typeof block.block_id === 'string' ? block.block_id : `${index}`;
        return (
          <BlockBoundary key={`${index}-${id}-${String(block.type)}`}>
            {/* The stand-in checks every block against Slack's limits before it keeps it; the boundary catches the rest. */}
            <BlockView block={block as unknown as ShownBlock} />
          </BlockBoundary>
        );
      })}
    </div>
  );
});

export function BlockView({ block }: { block: ShownBlock }): ReactNode {
  switch (block.type) {
    case 'section':
      return <SectionBlockView block={block} />;
    case 'context':
      return <ContextBlockView block={block} />;
    case 'context_actions':
      return <ContextActionsBlockView block={block} />;
    case 'actions':
      return <ActionsBlockView block={block} />;
    case 'divider':
      return <hr className="bk-divider" />;
    case 'header':
      return <HeaderBlockView block={block} />;
    case 'image':
      return <ImageBlockView block={block} />;
    case 'input':
      return <InputBlockView block={block} />;
    case 'rich_text':
      return <RichText elements={block.elements} />;
    case 'markdown':
      return <Markdown text={block.text} />;
    case 'table':
      return <TableBlockView block={block} />;
    case 'data_table':
      return <DataTableBlockView block={block} />;
    case 'data_visualization':
      return <ChartBlockView block={block} />;
    case 'plan':
      return <PlanBlockView block={block} />;
    case 'task_card':
      return <TaskCardView task={block} />;
    case 'alert':
      return <AlertBlockView block={block} />;
    case 'card':
      return <CardBlockView block={block} />;
    case 'carousel':
      return <CarouselBlockView block={block} />;
    case 'container':
      return (
        <ContainerBlockView
          block={block}
          draw={(children) => (
            <div className="blocks">
              {children.map((child, index) => (
                <BlockView key={child.block_id ?? index} block={child} />
              ))}
            </div>
          )}
        />
      );
    case 'video':
      return <VideoBlockView block={block} />;
    case 'file':
      return <div className="bk-unknown">A file ({block.external_id})</div>;
    default:
      return <UnknownBlock />;
  }
}

function UnknownBlock(): ReactNode {
  return <div className="bk-unknown">This part of the message cannot be shown here.</div>;
}

class BlockBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <UnknownBlock /> : this.props.children;
  }
}
