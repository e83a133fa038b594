import { Lexer, type Token, type Tokens } from 'marked';
import { Fragment, memo, type ReactNode } from 'react';
import { decodeEntities } from './mrkdwn.js';
import { Plain, SafeLink } from './mrkdwn-view.js';

/** Slack's `markdown` block: CommonMark with tables. HTML stays text; an image becomes a link, as in Slack. */
export const Markdown = memo(function Markdown({ text }: { text: string }): ReactNode {
  return <div className="markdown">{drawTokens(new Lexer({ gfm: true }).lex(text))}</div>;
});

function drawTokens(tokens: readonly Token[] | undefined): ReactNode {
  return tokens?.map((token, index) => <Fragment key={index}>{drawToken(token)}</Fragment>);
}

/** `marked` types its tokens as a union with a generic member; this list is what GitHub's flavour yields. */
type Known =
  | Tokens.Blockquote
  | Tokens.Br
  | Tokens.Code
  | Tokens.Codespan
  | Tokens.Del
  | Tokens.Em
  | Tokens.Escape
  | Tokens.Heading
  | Tokens.Hr
  | Tokens.HTML
  | Tokens.Image
  | Tokens.Link
  | Tokens.List
  | Tokens.Paragraph
  | Tokens.Space
  | Tokens.Strong
  | Tokens.Table
  | Tokens.Text
  | { type: 'checkbox' | 'def'; raw: string };

function drawToken(generic: Token): ReactNode {
  const token = generic as Known;
  switch (token.type) {
    case 'space':
    case 'def':
    case 'checkbox':
      return null;
    case 'heading':
      return <Heading depth={token.depth}>{drawTokens(token.tokens)}</Heading>;
    case 'paragraph':
      return <p>{drawTokens(token.tokens)}</p>;
    case 'blockquote':
      return <blockquote className="quote">{drawTokens(token.tokens)}</blockquote>;
    case 'code':
      return (
        <pre className="pre" tabIndex={0}>
          {token.text}
        </pre>
      );
    case 'hr':
      return <hr />;
    case 'list':
      return drawList(token);
    case 'table':
      return drawTable(token);
    case 'text':
      return 'tokens' in token && token.tokens !== undefined ? (
        drawTokens(token.tokens)
      ) : (
        <Plain text={decodeEntities(token.text)} />
      );
    case 'escape':
      return decodeEntities(token.text);
    case 'strong':
      return <strong>{drawTokens(token.tokens)}</strong>;
    case 'em':
      return <em>{drawTokens(token.tokens)}</em>;
    case 'del':
      return <s>{drawTokens(token.tokens)}</s>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'br':
      return <br />;
    case 'link':
      return <SafeLink url={token.href}>{drawTokens(token.tokens)}</SafeLink>;
    case 'image':
      return <SafeLink url={token.href}>{token.text || token.href}</SafeLink>;
    case 'html':
      return token.raw;
    default:
      return generic.raw;
  }
}

/** Below the page's own headings: a message's first level is an h3. */
function Heading({ depth, children }: { depth: number; children: ReactNode }): ReactNode {
  const Tag = (['h3', 'h4', 'h5', 'h6'] as const)[depth - 1] ?? 'h6';
  return <Tag className={`md-heading md-h${depth}`}>{children}</Tag>;
}

function drawList(list: Tokens.List): ReactNode {
  const rows = list.items.map((item, index) => (
    <li key={index} className={item.task ? 'task' : undefined}>
      {item.task && (
        <input
          type="checkbox"
          checked={item.checked === true}
          readOnly
          aria-label={item.checked === true ? 'done' : 'to do'}
          tabIndex={-1}
        />
      )}
      {drawTokens(item.tokens)}
    </li>
  ));
  if (!list.ordered) return <ul>{rows}</ul>;
  return <ol start={typeof list.start === 'number' ? list.start : 1}>{rows}</ol>;
}

function drawTable(table: Tokens.Table): ReactNode {
  const align = (cell: Tokens.TableCell): string => `align-${cell.align ?? 'left'}`;
  return (
    <div className="table-scroll" tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            {table.header.map((cell, index) => (
              <th key={index} scope="col" className={align(cell)}>
                {drawTokens(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, index) => (
                <td key={index} className={align(cell)}>
                  {drawTokens(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
