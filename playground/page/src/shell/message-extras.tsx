import type { ReactNode } from 'react';
import type { PlayFile } from '../../../protocol.js';
import { BlockList } from '../blocks/block-list.js';
import { useSession } from '../state/use-session.js';
import { Mrkdwn, Plain, SafeLink } from '../text/mrkdwn-view.js';

type Loose = { [key: string]: unknown };

/** Legacy attachments: a coloured edge, words, fields, or blocks. */
export function Attachments({ attachments }: { attachments: readonly Loose[] }): ReactNode {
  return attachments.map((attachment, index) => <Attachment key={index} attachment={attachment} />);
}

/** What the app unfurled, by address: an attachment each. */
export function Unfurls({ unfurls }: { unfurls: Loose | undefined }): ReactNode {
  return Object.entries(unfurls ?? {}).map(([url, unfurl]) =>
    isLoose(unfurl) ? <Attachment key={url} attachment={unfurl} /> : null,
  );
}

function Attachment({ attachment }: { attachment: Loose }): ReactNode {
  const words = (key: string): string | undefined =>
    typeof attachment[key] === 'string' ? attachment[key] : undefined;
  const title = words('title');
  const link = words('title_link');
  const text = words('text') ?? words('fallback');
  const color = words('color');
  const blocks = Array.isArray(attachment.blocks) ? attachment.blocks.filter(isLoose) : [];
  const fields = Array.isArray(attachment.fields) ? attachment.fields.filter(isLoose) : [];
  return (
    <div
      className="attachment"
      style={
        color !== undefined && /^#?[0-9a-f]{6}$/i.test(color)
          ? { borderInlineStartColor: color.startsWith('#') ? color : `#${color}` }
          : undefined
      }
    >
      {blocks.length > 0 ? (
        <BlockList blocks={blocks} />
      ) : (
        <>
          {words('pretext') !== undefined && <Mrkdwn text={words('pretext') ?? ''} />}
          {title !== undefined && (
            <div className="attachment-title">
              {link === undefined ? <Plain text={title} /> : <SafeLink url={link}>{title}</SafeLink>}
            </div>
          )}
          {text !== undefined && <Mrkdwn text={text} />}
          {fields.length > 0 && (
            <div className="bk-fields">
              {fields.map((field, index) => (
                <div key={index} className="bk-field">
                  <strong>{String(field.title ?? '')}</strong>
                  <br />
                  <Mrkdwn text={String(field.value ?? '')} />
                </div>
              ))}
            </div>
          )}
          {words('footer') !== undefined && <div className="bk-context-text">{words('footer')}</div>}
        </>
      )}
    </div>
  );
}

export function Files({ files }: { files: readonly PlayFile[] }): ReactNode {
  const { api } = useSession();
  return files.map((file) => {
    const address = api.url(file.play_url);
    const title = file.title || file.name;
    // Pictures are shown; SVG is one here, since as an <img> it runs no script.
    if (/^image\/(png|jpeg|gif|webp|svg\+xml)$/.test(file.mimetype)) {
      return (
        <figure key={file.id} className="bk-image">
          <figcaption>{title}</figcaption>
          <img className="bk-image-picture" src={address} alt={file.alt_txt || title} loading="lazy" />
        </figure>
      );
    }
    return (
      <a key={file.id} className="file-card" href={address} download={file.name}>
        <span className="file-name">{title}</span>
        <span className="file-size">{sizeText(file.size)}</span>
      </a>
    );
  });
}

function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
