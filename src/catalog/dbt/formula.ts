import type { Formula } from '../asset.js';
import type { Aggregation, MeasureSpec, MetricInput, MetricSpec } from './specs.js';

/** A measure together with where it lives. */
export type FindMeasure = (name: string) => MeasureSpec | undefined;

/**
 * The formula of a metric, in one line, with the names and expressions of its source. Undefined when the source gives none: an answer then
 * says that it is not known, and nobody makes one up.
 */
export function formulaOf(metric: MetricSpec, findMeasure: FindMeasure): Formula | undefined {
  return (
    conversionFormula(metric, findMeasure) ??
    cumulativeFormula(metric, findMeasure) ??
    ratioFormula(metric) ??
    derivedFormula(metric) ??
    simpleFormula(metric, findMeasure) ??
    legacyFormula(metric)
  );
}

function simpleFormula(metric: MetricSpec, findMeasure: FindMeasure): Formula | undefined {
  const type = metric.type ?? 'simple';
  if (metric.aggregation !== undefined) {
    const { agg } = metric.aggregation;
    const expression = aggregationText({
      ...metric.aggregation,
      expr: metric.aggregation.expr ?? metric.expr ?? metric.name,
    });
    return { type, expression, aggregation: agg, inputs: [] };
  }
  if (metric.measure === undefined) return undefined;
  const measure = findMeasure(metric.measure.name);
  return {
    type,
    expression: measure === undefined ? metric.measure.name : measureText(measure),
    ...(measure === undefined ? {} : { aggregation: measure.agg }),
    inputs: [metric.measure.name],
  };
}

function ratioFormula(metric: MetricSpec): Formula | undefined {
  const { numerator, denominator } = metric;
  if (numerator === undefined || denominator === undefined) return undefined;
  return {
    type: metric.type ?? 'ratio',
    expression: `${numerator.name} / ${denominator.name}`,
    inputs: distinct([numerator.name, denominator.name]),
  };
}

function derivedFormula(metric: MetricSpec): Formula | undefined {
  if (metric.type !== 'derived' || metric.expr === undefined || metric.legacy !== undefined) return undefined;
  const legend = metric.inputs
    .map((input) => ({ said: input.alias ?? input.name, meant: inputText(input) }))
    .filter(({ said, meant }) => said !== meant)
    .map(({ said, meant }) => `${said} = ${meant}`);
  return {
    type: 'derived',
    expression: legend.length === 0 ? metric.expr : `${metric.expr}, where ${legend.join(', ')}`,
    inputs: distinct(metric.inputs.map((input) => input.name)),
  };
}

function cumulativeFormula(metric: MetricSpec, findMeasure: FindMeasure): Formula | undefined {
  if (metric.type !== 'cumulative') return undefined;
  // The input is a measure in older files and a metric in newer ones, where everything else is null.
  const input = metric.inputs[0] ?? metric.measure;
  if (input === undefined) return undefined;
  const measure = metric.inputs[0] === undefined ? findMeasure(input.name) : undefined;
  const over =
    metric.window === undefined
      ? metric.grainToDate === undefined
        ? 'over all time'
        : `since the start of the ${metric.grainToDate}`
      : `over the last ${metric.window}`;
  return {
    type: 'cumulative',
    expression: `${measure === undefined ? input.name : measureText(measure)} accumulated ${over}`,
    ...(measure === undefined ? {} : { aggregation: measure.agg }),
    inputs: [input.name],
    ...(metric.window === undefined ? {} : { window: metric.window }),
  };
}

function conversionFormula(metric: MetricSpec, findMeasure: FindMeasure): Formula | undefined {
  const base = metric.conversion?.base;
  const conversion = metric.conversion?.conversion;
  if (base === undefined || conversion === undefined) return undefined;
  const side = (input: MetricInput): string => {
    const measure = findMeasure(input.name);
    return measure === undefined ? input.name : `${input.name}: ${measureText(measure)}`;
  };
  const by = metric.conversion?.entity === undefined ? '' : ` per ${metric.conversion.entity}`;
  const within = metric.window === undefined ? '' : ` within ${metric.window}`;
  return {
    type: 'conversion',
    expression: `${metric.conversion?.calculation ?? 'conversion_rate'}(${side(conversion)} / ${side(base)})${by}${within}`,
    inputs: distinct([base.name, conversion.name]),
    ...(metric.window === undefined ? {} : { window: metric.window }),
  };
}

/** Before dbt 1.6: `calculation_method` and `expression` (earlier `type` and `sql`). */
function legacyFormula(metric: MetricSpec): Formula | undefined {
  const expr = metric.expr ?? metric.legacy?.sql;
  if (expr === undefined || metric.type === undefined) return undefined;
  const inputs = distinct(
    [...expr.matchAll(/metric\(\s*['"]([^'"]+)['"]\s*\)/g)].flatMap((match) => match[1] ?? []),
  );
  if (metric.type === 'derived' || metric.type === 'expression') {
    const expression = expr.replace(/\{\{\s*metric\(\s*['"]([^'"]+)['"]\s*\)\s*\}\}/g, '$1').trim();
    return { type: metric.type, expression, inputs };
  }
  return {
    type: metric.type,
    expression: aggregationText({ agg: metric.type, expr }),
    aggregation: metric.type,
    inputs,
  };
}

/** `sum(amount)`, as the source wrote its parts. */
export function measureText(measure: MeasureSpec): string {
  return aggregationText({ ...measure, expr: measure.expr ?? measure.name });
}

function aggregationText(aggregation: Aggregation): string {
  const expr = (aggregation.expr ?? '').trim();
  switch (aggregation.agg) {
    case 'count_distinct':
      return `count(distinct ${expr})`;
    case 'average':
      return `avg(${expr})`;
    case 'percentile':
      return aggregation.percentile === undefined
        ? `percentile(${expr})`
        : `percentile(${expr}, ${aggregation.percentile})`;
    default:
      return `${aggregation.agg}(${expr})`;
  }
}

function inputText(input: MetricInput): string {
  const ago = input.offsetWindow === undefined ? '' : ` ${input.offsetWindow} ago`;
  const start = input.offsetToGrain === undefined ? '' : ` at the start of the ${input.offsetToGrain}`;
  return `${input.name}${ago}${start}`;
}

function distinct(names: string[]): string[] {
  return [...new Set(names)];
}
