import type { TableBlock } from '@slack/types';
import type { ReactNode } from 'react';
import { Plain } from '../text/mrkdwn-view.js';
import { RichText } from '../text/rich-text-view.js';

export type Cell = TableBlock['rows'][number][number];

export function CellView({ cell }: { cell: Cell }): ReactNode {
  if (cell.type === 'rich_text') return <RichText elements={cell.elements} />;
  if (cell.type === 'raw_number') return cell.text ?? String(cell.value);
  return <Plain text={cell.text} />;
}

/** Slack's plain table: its first row is the header. */
export function TableBlockView({ block }: { block: TableBlock }): ReactNode {
  const [head, ...rows] = block.rows;
  const classOf = (column: number, cell: Cell): string => {
    const setting = block.column_settings?.[column];
    const align = setting?.align ?? (cell.type === 'raw_number' ? 'right' : 'left');
    return `align-${align}${setting?.is_wrapped === true ? ' wrapped' : ''}`;
  };
  return (
    <div className="table-scroll" tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            {head?.map((cell, column) => (
              <th key={column} scope="col" className={classOf(column, cell)}>
                <CellView cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) => (
                <td key={column} className={classOf(column, cell)}>
                  <CellView cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
