import type {
  ActionsBlock,
  AlertBlock,
  ContextActionsBlock,
  ContextBlock,
  HeaderBlock,
  ImageBlock,
  SectionBlock,
  VideoBlock,
} from '@slack/types';
import { type ReactNode, useState } from 'react';
import { Plain, SafeLink } from '../text/mrkdwn-view.js';
import { Element } from './elements/element.js';
import { ImageView } from './image.js';
import { TextView } from './text-view.js';

const longTextLength = 700;

export function SectionBlockView({ block }: { block: SectionBlock }): ReactNode {
  const context = { blockId: block.block_id ?? '', dispatches: true };
  return (
    <div
      className={`bk-section${block.accessory === undefined ? '' : ` with-accessory accessory-${block.accessory.type}`}`}
    >
      <div className="bk-section-text">
        {block.text !== undefined && (
          <Foldable length={block.expand === true ? 0 : block.text.text.length}>
            <TextView text={block.text} />
          </Foldable>
        )}
        {block.fields !== undefined && (
          <div className="bk-fields">
            {block.fields.map((field, index) => (
              <div key={index} className="bk-field">
                <TextView text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {block.accessory !== undefined && (
        <div className="bk-accessory">
          <Element element={block.accessory} context={context} />
        </div>
      )}
    </div>
  );
}

/** Slack folds long sections behind "See more". */
function Foldable({ length, children }: { length: number; children: ReactNode }): ReactNode {
  const [open, setOpen] = useState(false);
  if (length <= longTextLength) return children;
  return (
    <>
      <div className={open ? '' : 'folded'}>{children}</div>
      <button type="button" className="link-button" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'See less' : 'See more'}
      </button>
    </>
  );
}

export function ActionsBlockView({ block }: { block: ActionsBlock }): ReactNode {
  const context = { blockId: block.block_id ?? '', dispatches: true };
  return (
    <div className="bk-actions">
      {block.elements.map((element, index) => (
        <Element key={element.action_id ?? index} element={element} context={context} />
      ))}
    </div>
  );
}

export function ContextBlockView({ block }: { block: ContextBlock }): ReactNode {
  return (
    <div className="bk-context">
      {block.elements.map((element, index) =>
        element.type === 'image' ? (
          <ImageView key={index} image={element} className="bk-context-image" />
        ) : (
          <span key={index} className="bk-context-text">
            <TextView text={element} />
          </span>
        ),
      )}
    </div>
  );
}

export function ContextActionsBlockView({ block }: { block: ContextActionsBlock }): ReactNode {
  const context = { blockId: block.block_id ?? '', dispatches: true };
  return (
    <div className="bk-context-actions">
      {block.elements.map((element, index) => (
        <Element key={element.action_id ?? index} element={element} context={context} />
      ))}
    </div>
  );
}

export function HeaderBlockView({ block }: { block: HeaderBlock }): ReactNode {
  return (
    <h3 className="bk-header">
      <Plain text={block.text.text} emoji={block.text.emoji} />
    </h3>
  );
}

export function ImageBlockView({ block }: { block: ImageBlock }): ReactNode {
  return (
    <figure className="bk-image">
      {block.title !== undefined && (
        <figcaption>
          <Plain text={block.title.text} emoji={block.title.emoji} />
        </figcaption>
      )}
      <ImageView image={block} className="bk-image-picture" />
    </figure>
  );
}

const alertSigns = { default: 'ⓘ', info: 'ⓘ', warning: '⚠', error: '⛔', success: '✓' } as const;
const alertNames = {
  default: 'Note',
  info: 'Information',
  warning: 'Warning',
  error: 'Error',
  success: 'Success',
} as const;

export function AlertBlockView({ block }: { block: AlertBlock }): ReactNode {
  const level = block.level ?? 'default';
  return (
    <div className={`bk-alert alert-${level}`} role="note" aria-label={alertNames[level]}>
      <span className="bk-alert-sign" aria-hidden="true">
        {alertSigns[level]}
      </span>
      <div>
        <TextView text={block.text} />
      </div>
    </div>
  );
}

/** Nothing is played from elsewhere: the picture, the words and a link, as Slack shows a video it may not embed. */
export function VideoBlockView({ block }: { block: VideoBlock }): ReactNode {
  return (
    <div className="bk-video">
      <div className="bk-video-title">
        <SafeLink url={block.title_url ?? block.video_url}>
          <Plain text={block.title.text} emoji={block.title.emoji} />
        </SafeLink>
      </div>
      {block.author_name !== undefined && <div className="bk-context-text">{block.author_name}</div>}
      {block.description !== undefined && (
        <div>
          <Plain text={block.description.text} emoji={block.description.emoji} />
        </div>
      )}
      <ImageView
        image={{ alt_text: block.alt_text, image_url: block.thumbnail_url }}
        className="bk-image-picture"
      />
    </div>
  );
}
