const contextLines = 3;

/** A unified diff with one hunk from the first to the last changed line, as `git apply` and `patch -p1` take it; empty when nothing differs. */
export function unifiedDiff(file: string, before: string, after: string): string {
  if (before === after) return '';
  const old = linesOf(before);
  const made = linesOf(after);
  let start = 0;
  while (start < old.length && start < made.length && old[start] === made[start]) start += 1;
  let tail = 0;
  while (
    tail < old.length - start &&
    tail < made.length - start &&
    old[old.length - 1 - tail] === made[made.length - 1 - tail]
  )
    tail += 1;
  const from = Math.max(0, start - contextLines);
  const oldTo = Math.min(old.length, old.length - tail + contextLines);
  const newTo = Math.min(made.length, made.length - tail + contextLines);
  const body = [
    ...old.slice(from, start).map((line) => ` ${line}`),
    ...changed(old.slice(start, old.length - tail), made.slice(start, made.length - tail)),
    ...old.slice(old.length - tail, oldTo).map((line) => ` ${line}`),
  ];
  const hunk = `@@ -${from + 1},${oldTo - from} +${from + 1},${newTo - from} @@`;
  return [`--- a/${file}`, `+++ b/${file}`, hunk, ...body.map(withEnd), ''].join('\n');
}

/** Lines keep their ends, so that a last line without one is told apart. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function withEnd(line: string): string {
  return line.endsWith('\n') ? line.slice(0, -1) : `${line}\n\\ No newline at end of file`;
}

/** Longest common subsequence over the changed middle, which is as long as one metric's entry at most. */
function changed(old: readonly string[], made: readonly string[]): string[] {
  const width = made.length + 1;
  const longest = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = made.length - 1; j >= 0; j -= 1)
      longest[i * width + j] =
        old[i] === made[j]
          ? (longest[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(longest[(i + 1) * width + j] ?? 0, longest[i * width + j + 1] ?? 0);
  const out: string[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < made.length) {
    const [gone, come] = [old[i], made[j]];
    if (gone !== undefined && gone === come) {
      out.push(` ${gone}`);
      i += 1;
      j += 1;
    } else if (
      gone !== undefined &&
      (come === undefined || (longest[(i + 1) * width + j] ?? 0) >= (longest[i * width + j + 1] ?? 0))
    ) {
      out.push(`-${gone}`);
      i += 1;
    } else if (come !== undefined) {
      out.push(`+${come}`);
      j += 1;
    }
  }
  return out;
}
