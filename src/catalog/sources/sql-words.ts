/** Names of tables that an SQL expression speaks of: the part before the dot in `orders.amount`. Strings are not looked into. */
export function tablesIn(sql: string): string[] {
  const plain = sql.replace(/'(?:[^']|'')*'/g, "''");
  return [
    ...new Set(
      [...plain.matchAll(/\b([A-Za-z_]\w*)"?\s*\.\s*"?[A-Za-z_]/g)].flatMap((match) => match[1] ?? []),
    ),
  ];
}

const aggregates = /^\s*(sum|avg|min|max|count|median|approx_count_distinct|stddev|variance)\s*\(/i;

/** The outermost aggregation of an expression, where it begins with one. */
export function aggregationIn(sql: string): string | undefined {
  const name = aggregates.exec(sql)?.[1]?.toLowerCase();
  return name === 'count' && /^\s*count\s*\(\s*distinct\b/i.test(sql) ? 'count_distinct' : name;
}

/** Whether a text names a table: up to three parts and no query. */
export function isRelation(text: string): boolean {
  return /^["`\p{L}\p{N}_$-]+(?:\.["`\p{L}\p{N}_$-]+){0,3}$/u.test(text.trim());
}
