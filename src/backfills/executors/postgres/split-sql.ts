/**
 * Cuts a script at its top-level semicolons, aware of quotes, dollar quotes and comments (PostgreSQL, "Lexical Structure"),
 * and turns `:partition_start` and `:partition_end` into $1 and $2. Statements are then sent one by one with parameters:
 * a partition's bounds never become part of the SQL text.
 */
export function splitSql(script: string): string[] {
  const statements: string[] = [];
  let current = '';
  let index = 0;
  while (index < script.length) {
    const rest = script.slice(index);
    const skip = skipped(rest);
    if (skip !== null) {
      current += skip;
      index += skip.length;
      continue;
    }
    const bound = /^:(partition_start|partition_end)\b/.exec(rest);
    if (bound !== null && script[index - 1] !== ':') {
      current += bound[1] === 'partition_start' ? '$1' : '$2';
      index += bound[0].length;
      continue;
    }
    if (rest.startsWith(';')) {
      push(statements, current);
      current = '';
    } else {
      current += script[index];
    }
    index += 1;
  }
  push(statements, current);
  return statements;
}

/** The literal, quoted name or comment that begins here, whole. */
function skipped(rest: string): string | null {
  const simple =
    /^'(?:[^']|'')*(?:'|$)/.exec(rest) ??
    /^"(?:[^"]|"")*(?:"|$)/.exec(rest) ??
    /^--[^\n]*(?:\n|$)/.exec(rest);
  if (simple !== null) return simple[0];
  if (rest.startsWith('/*')) return comment(rest);
  const dollar = /^\$(?:[A-Za-z_]\w*)?\$/.exec(rest)?.[0];
  if (dollar === undefined) return null;
  const end = rest.indexOf(dollar, dollar.length);
  return end < 0 ? rest : rest.slice(0, end + dollar.length);
}

/** Comments nest. */
function comment(rest: string): string {
  let depth = 0;
  for (let index = 0; index < rest.length; index += 1) {
    if (rest.startsWith('/*', index)) {
      depth += 1;
      index += 1;
    } else if (rest.startsWith('*/', index)) {
      depth -= 1;
      index += 1;
      if (depth === 0) return rest.slice(0, index + 1);
    }
  }
  return rest;
}

function push(statements: string[], text: string): void {
  const code = text
    .replace(/--[^\n]*(?:\n|$)/g, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .trim();
  if (code !== '') statements.push(text.trim());
}

/** Whether the statement uses the bounds, so that parameters are sent only where they are expected. */
export function boundsUsed(statement: string): { start: boolean; end: boolean } {
  return { start: /\$1\b/.test(statement), end: /\$2\b/.test(statement) };
}
