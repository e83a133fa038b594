/** Folds a name so that `Net_Revenue`, `net revenue` and `"net-revenue"` are one. */
export function foldName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Takes quotes and brackets off a relation: `"dbt"."main"."Orders"` becomes `dbt.main.Orders`. */
export function plainRelation(relation: string): string {
  return relation.replace(/["`[\]]/g, '').trim();
}
