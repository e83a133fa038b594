import { type ReactNode, useId } from 'react';
import type { DataVisualizationBlock } from './types.js';

type Chart = DataVisualizationBlock['chart'];
type Cartesian = Exclude<Chart, { type: 'pie' }>;
type Pie = Extract<Chart, { type: 'pie' }>;

const size = { width: 520, height: 220, left: 52, right: 12, top: 12, bottom: 34 };

/** A chart as a picture, with its numbers as a table for who cannot see it. */
export function ChartBlockView({ block }: { block: DataVisualizationBlock }): ReactNode {
  const titleId = useId();
  const chart = block.chart;
  const names =
    chart.type === 'pie'
      ? chart.segments.map((segment) => segment.label)
      : chart.series.map((series) => series.name);
  return (
    <figure className="chart" aria-labelledby={titleId}>
      <figcaption id={titleId}>{block.title}</figcaption>
      {chart.type === 'pie' ? <PiePicture chart={chart} /> : <CartesianPicture chart={chart} />}
      <ul className="chart-legend" aria-hidden="true">
        {names.map((name, index) => (
          <li key={name}>
            <span className={`legend-swatch fill-${index % 12}`} /> {name}
          </li>
        ))}
      </ul>
      <details className="chart-numbers">
        <summary>Numbers</summary>
        <ChartNumbers chart={chart} />
      </details>
    </figure>
  );
}

function ChartNumbers({ chart }: { chart: Chart }): ReactNode {
  if (chart.type === 'pie') {
    return (
      <table className="table">
        <tbody>
          {chart.segments.map((segment) => (
            <tr key={segment.label}>
              <th scope="row">{segment.label}</th>
              <td className="align-right">{segment.value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    );
  }
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{chart.axis_config.x_label ?? ''}</th>
          {chart.series.map((series) => (
            <th key={series.name} scope="col">
              {series.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {chart.axis_config.categories.map((category) => (
          <tr key={category}>
            <th scope="row">{category}</th>
            {chart.series.map((series) => (
              <td key={series.name} className="align-right">
                {series.data.find((point) => point.label === category)?.value}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function CartesianPicture({ chart }: { chart: Cartesian }): ReactNode {
  const categories = chart.axis_config.categories;
  const values = chart.series.flatMap((series) => series.data.map((point) => point.value));
  const high = Math.max(0, ...values);
  const low = Math.min(0, ...values);
  const span = high - low || 1;
  const plotWidth = size.width - size.left - size.right;
  const plotHeight = size.height - size.top - size.bottom;
  const y = (value: number): number => size.top + ((high - value) / span) * plotHeight;
  const slot = plotWidth / Math.max(1, categories.length);
  const x = (index: number): number => size.left + slot * (index + 0.5);
  const every = Math.ceil(categories.length / 8);
  return (
    <svg
      viewBox={`0 0 ${size.width} ${size.height}`}
      className="chart-picture"
      role="img"
      aria-label={`${chart.type} chart`}
    >
      {[0, 0.25, 0.5, 0.75, 1].map((part) => {
        const value = low + span * part;
        return (
          <g key={part}>
            <line
              className="chart-grid"
              x1={size.left}
              x2={size.width - size.right}
              y1={y(value)}
              y2={y(value)}
            />
            <text className="chart-text" x={size.left - 6} y={y(value) + 4} textAnchor="end">
              {short(value)}
            </text>
          </g>
        );
      })}
      {categories.map((category, index) =>
        index % every === 0 ? (
          <text key={category} className="chart-text" x={x(index)} y={size.height - 14} textAnchor="middle">
            {category}
          </text>
        ) : null,
      )}
      {chart.series.map((series, at) => {
        const points = categories.map((category, index) => ({
          index,
          value: series.data.find((point) => point.label === category)?.value ?? 0,
        }));
        if (chart.type === 'bar') {
          const width = (slot * 0.7) / chart.series.length;
          return points.map(({ index, value }) => (
            <rect
              key={`${series.name}-${index}`}
              className={`fill-${at % 12}`}
              x={x(index) - slot * 0.35 + width * at}
              y={Math.min(y(value), y(0))}
              width={Math.max(1, width - 1)}
              height={Math.max(1, Math.abs(y(value) - y(0)))}
              rx={1.5}
            />
          ));
        }
        const path = points
          .map(({ index, value }, place) => `${place === 0 ? 'M' : 'L'}${x(index)},${y(value)}`)
          .join(' ');
        const last = points.length - 1;
        return (
          <g key={series.name}>
            {chart.type === 'area' && (
              <path
                className={`chart-area fill-${at % 12}`}
                d={`${path} L${x(last)},${y(0)} L${x(0)},${y(0)} Z`}
              />
            )}
            <path className={`chart-line stroke-${at % 12}`} d={path} />
          </g>
        );
      })}
    </svg>
  );
}

function PiePicture({ chart }: { chart: Pie }): ReactNode {
  const total = chart.segments.reduce((sum, segment) => sum + segment.value, 0) || 1;
  let turned = 0;
  return (
    <svg viewBox="-110 -110 220 220" className="chart-picture chart-pie" role="img" aria-label="pie chart">
      {chart.segments.map((segment, index) => {
        const share = segment.value / total;
        const from = turned * 2 * Math.PI;
        turned += share;
        const to = turned * 2 * Math.PI;
        if (share > 0.999) return <circle key={segment.label} r={100} className={`fill-${index % 12}`} />;
        const at = (angle: number): string => `${100 * Math.sin(angle)},${-100 * Math.cos(angle)}`;
        return (
          <path
            key={segment.label}
            className={`fill-${index % 12}`}
            d={`M0,0 L${at(from)} A100,100 0 ${share > 0.5 ? 1 : 0} 1 ${at(to)} Z`}
          />
        );
      })}
    </svg>
  );
}

function short(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}
