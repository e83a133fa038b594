import type { CardBlock, CarouselBlock, ContainerBlock } from '@slack/types';
import { type ReactNode, useId, useState } from 'react';
import { Plain } from '../text/mrkdwn-view.js';
import { RichText } from '../text/rich-text-view.js';
import { Element } from './elements/element.js';
import { ImageView } from './image.js';
import { TextView } from './text-view.js';

export function CardBlockView({ block }: { block: CardBlock }): ReactNode {
  const context = { blockId: block.block_id ?? '', dispatches: true };
  return (
    <article className="bk-card">
      {block.hero_image !== undefined && <ImageView image={block.hero_image} className="bk-card-hero" />}
      <div className="bk-card-body">
        <div className="bk-card-head">
          {block.icon !== undefined && <ImageView image={block.icon} className="bk-card-icon" />}
          <div>
            {block.title !== undefined && (
              <div className="bk-card-title">
                <TextView text={block.title} />
              </div>
            )}
            {block.subtitle !== undefined && (
              <div className="bk-card-subtitle">
                <TextView text={block.subtitle} />
              </div>
            )}
          </div>
        </div>
        {block.body !== undefined && (
          <div className="bk-card-text">
            <TextView text={block.body} />
          </div>
        )}
        {block.actions !== undefined && (
          <div className="bk-actions">
            {block.actions.map((element, index) => (
              <Element key={element.action_id ?? index} element={element} context={context} />
            ))}
          </div>
        )}
      </div>
    </article>
  );
}

export function CarouselBlockView({ block }: { block: CarouselBlock }): ReactNode {
  return (
    <section className="bk-carousel" aria-label={`${block.elements.length} cards`} tabIndex={0}>
      {block.elements.map((card, index) => (
        <CardBlockView
          key={card.block_id ?? index}
          block={{ ...card, block_id: card.block_id ?? block.block_id ?? '' }}
        />
      ))}
    </section>
  );
}

/** `draw` draws its child blocks: passed in, since a block list draws containers. */
export function ContainerBlockView({
  block,
  draw,
}: {
  block: ContainerBlock;
  draw: (blocks: ContainerBlock['child_blocks']) => ReactNode;
}): ReactNode {
  const collapsible = block.is_collapsible === true;
  const [open, setOpen] = useState(!(collapsible && block.default_collapsed === true));
  const bodyId = useId();
  const title =
    block.rich_text_title !== undefined ? (
      <RichText elements={block.rich_text_title.elements} />
    ) : (
      block.title !== undefined && <Plain text={block.title.text} emoji={block.title.emoji} />
    );
  return (
    <section className={`bk-container width-${block.width ?? 'standard'}`}>
      <div className={`bk-container-head${block.has_header_divider === true ? ' divided' : ''}`}>
        {block.icon !== undefined && <ImageView image={block.icon} className="bk-card-icon" />}
        <div className="bk-container-title">
          {title}
          {block.subtitle !== undefined && (
            <div className="bk-card-subtitle">
              <TextView text={block.subtitle} />
            </div>
          )}
        </div>
        {collapsible && (
          <button
            type="button"
            className="icon-button"
            aria-expanded={open}
            aria-controls={bodyId}
            aria-label={open ? 'Collapse' : 'Expand'}
            onClick={() => setOpen(!open)}
          >
            <span aria-hidden="true">{open ? '▾' : '▸'}</span>
          </button>
        )}
      </div>
      <div id={bodyId} hidden={!open}>
        {open && draw(block.child_blocks)}
      </div>
    </section>
  );
}
