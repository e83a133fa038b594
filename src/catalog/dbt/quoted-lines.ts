/**
 * Indents the continuation lines of quoted texts that stand further left than their key. YAML's rules forbid that, the readers that most tools use
 * allow it, so such files are about (JSON inside quotes ends on a brace at its key's own indentation). The text itself stays the same, because
 * leading blanks of continuation lines are no part of it.
 */
export function indentQuotedLines(text: string): string {
  let open: { quote: string; indent: string } | undefined;
  return text
    .split('\n')
    .map((line) => {
      if (open !== undefined) {
        const { quote, indent } = open;
        if (closes(line, quote)) open = undefined;
        return line.trim() === '' ? line : `${indent}  ${line.trimStart()}`;
      }
      const start = /^(\s*(?:-\s+)*)[\w"'.-]+:\s+(['"])(.*)$/.exec(line);
      const [, indent = '', quote = '', rest = ''] = start ?? [];
      if (start !== null && !closes(rest, quote)) open = { quote, indent: ' '.repeat(indent.length) };
      return line;
    })
    .join('\n');
}

function closes(text: string, quote: string): boolean {
  const plain = quote === "'" ? text.replaceAll("''", '') : text.replace(/\\./g, '');
  return plain.includes(quote);
}
