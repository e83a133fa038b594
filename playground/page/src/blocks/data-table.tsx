import type { DataTableBlock, RichTextElement } from '@slack/types';
import { type ReactNode, useId, useMemo, useState } from 'react';
import { type Cell, CellView } from './table.js';

interface Sort {
  column: number;
  direction: 'ascending' | 'descending';
}

/** Slack's data table: sorted by its headers, narrowed by words, paged (5 rows where it does not say). */
export function DataTableBlockView({ block }: { block: DataTableBlock }): ReactNode {
  const [sort, setSort] = useState<Sort | undefined>(undefined);
  const [filter, setFilter] = useState('');
  const [page, setPage] = useState(0);
  const captionId = useId();
  const [head = [], ...body] = block.rows;
  const rows = useMemo(() => arrange(block.rows.slice(1), filter, sort), [block.rows, filter, sort]);
  const pageSize = block.page_size ?? 5;
  const pages = Math.max(1, Math.ceil(rows.length / pageSize));
  const current = Math.min(page, pages - 1);
  const shown = rows.slice(current * pageSize, (current + 1) * pageSize);

  return (
    <div className="data-table">
      <div className="data-table-head">
        <span id={captionId} className="data-table-caption">
          {block.caption}
        </span>
        {body.length > pageSize && (
          <input
            type="search"
            className="bk-input data-table-filter"
            aria-label={`Filter ${block.caption}`}
            placeholder="Filter rows"
            value={filter}
            onChange={(event) => {
              setFilter(event.target.value);
              setPage(0);
            }}
          />
        )}
      </div>
      <div className="table-scroll" tabIndex={0}>
        <table className="table" aria-labelledby={captionId}>
          <thead>
            <tr>
              {head.map((cell, column) => (
                <th
                  key={column}
                  scope="col"
                  aria-sort={sort?.column === column ? sort.direction : 'none'}
                  className={numeric(body, column) ? 'align-right' : ''}
                >
                  <button
                    type="button"
                    className="sort-button"
                    onClick={() => setSort(nextSort(sort, column))}
                  >
                    <CellView cell={cell} />
                    <span aria-hidden="true" className="sort-sign">
                      {sort?.column === column ? (sort.direction === 'ascending' ? '▲' : '▼') : '↕'}
                    </span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, at) => (
              <tr key={at}>
                {row.map((cell, column) =>
                  column === (block.row_header_column_index ?? -1) ? (
                    <th key={column} scope="row">
                      <CellView cell={cell} />
                    </th>
                  ) : (
                    <td key={column} className={cell.type === 'raw_number' ? 'align-right' : ''}>
                      <CellView cell={cell} />
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="data-table-foot">
        <span role="status">
          {rows.length === 0
            ? 'No rows'
            : `${current * pageSize + 1}–${current * pageSize + shown.length} of ${rows.length}`}
        </span>
        {pages > 1 && (
          <span className="pager">
            <button
              type="button"
              className="icon-button"
              aria-label="Previous page"
              disabled={current === 0}
              onClick={() => setPage(current - 1)}
            >
              <span aria-hidden="true">‹</span>
            </button>
            <button
              type="button"
              className="icon-button"
              aria-label="Next page"
              disabled={current === pages - 1}
              onClick={() => setPage(current + 1)}
            >
              <span aria-hidden="true">›</span>
            </button>
          </span>
        )}
      </div>
    </div>
  );
}

function nextSort(sort: Sort | undefined, column: number): Sort | undefined {
  if (sort?.column !== column) return { column, direction: 'ascending' };
  return sort.direction === 'ascending' ? { column, direction: 'descending' } : undefined;
}

function numeric(rows: Cell[][], column: number): boolean {
  return rows.length > 0 && rows.every((row) => row[column]?.type === 'raw_number');
}

function arrange(rows: Cell[][], filter: string, sort: Sort | undefined): Cell[][] {
  const wanted = filter.trim().toLowerCase();
  const kept =
    wanted === ''
      ? rows
      : rows.filter((row) => row.some((cell) => cellText(cell).toLowerCase().includes(wanted)));
  if (sort === undefined) return kept;
  const sign = sort.direction === 'ascending' ? 1 : -1;
  return [...kept].sort((left, right) => sign * compare(left[sort.column], right[sort.column]));
}

function compare(left: Cell | undefined, right: Cell | undefined): number {
  if (left?.type === 'raw_number' && right?.type === 'raw_number') return left.value - right.value;
  const texts = [left, right].map((cell) => (cell === undefined ? '' : cellText(cell)));
  return (texts[0] ?? '').localeCompare(texts[1] ?? '', 'en', { numeric: true });
}

export function cellText(cell: Cell): string {
  if (cell.type === 'raw_text') return cell.text;
  if (cell.type === 'raw_number') return cell.text ?? String(cell.value);
  return cell.elements
    .flatMap((part): readonly RichTextElement[] =>
      part.type === 'rich_text_list' ? part.elements.flatMap((row) => row.elements) : part.elements,
    )
    .map((element) => ('text' in element && typeof element.text === 'string' ? element.text : ''))
    .join('');
}
