/** A `ref('model')`, `ref('package', 'model', v=2)` in YAML or SQL. */
export interface Ref {
  name: string;
  package?: string;
  version?: string;
}

export interface SourceRef {
  source: string;
  table: string;
}

const refCall =
  /\bref\(\s*(['"])([^'"]+)\1\s*(?:,\s*(['"])([^'"]+)\3\s*)?(?:,\s*(?:v|version)\s*=\s*['"]?([\w.-]+)['"]?\s*)?\)/g;
const sourceCall = /\bsource\(\s*(['"])([^'"]+)\1\s*,\s*(['"])([^'"]+)\3\s*\)/g;
const metricCall = /\bmetric\(\s*(['"])([^'"]+)\1\s*\)/g;

export function refsIn(text: string): Ref[] {
  return [...text.matchAll(refCall)].flatMap(([, , first, , second, version]) => {
    if (first === undefined) return [];
    const ref = second === undefined ? { name: first } : { package: first, name: second };
    return [version === undefined ? ref : { ...ref, version }];
  });
}

export function sourcesIn(text: string): SourceRef[] {
  return [...text.matchAll(sourceCall)].flatMap(([, , source, , table]) =>
    source === undefined || table === undefined ? [] : [{ source, table }],
  );
}

export function metricsIn(text: string): string[] {
  return [...text.matchAll(metricCall)].flatMap((match) => match[2] ?? []);
}

/** Jinja and SQL comments name things that are not used: dbt ignores the former, a reader should ignore both. */
export function withoutComments(sql: string): string {
  return sql
    .replace(/\{#[\s\S]*?#\}/g, ' ')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/(^|\s)--[^\n]*/g, '$1');
}
