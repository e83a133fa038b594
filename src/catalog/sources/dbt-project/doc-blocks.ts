import type { ProjectFile } from './project-files.js';

/** Expands `{{ doc('name') }}` and remembers the names it did not find. */
export interface DocBlocks {
  expand: (description: string) => string;
  missing: () => string[];
}

/** Reads `{% docs name %} … {% enddocs %}` from Markdown files. */
export function makeDocBlocks(files: readonly ProjectFile[]): DocBlocks {
  const blocks = new Map<string, string>();
  for (const { text } of files) {
    for (const [, name, body] of text.matchAll(
      /\{%-?\s*docs\s+(\w+)\s*-?%\}([\s\S]*?)\{%-?\s*enddocs\s*-?%\}/g,
    )) {
      if (name !== undefined && body !== undefined) blocks.set(name, body.trim());
    }
  }
  const missing = new Set<string>();
  return {
    expand: (description) =>
      description
        .replace(/\{\{\s*doc\(\s*(?:['"]\w+['"]\s*,\s*)?['"](\w+)['"]\s*\)\s*\}\}/g, (_, name: string) => {
          const body = blocks.get(name);
          if (body === undefined) missing.add(name);
          return body ?? '';
        })
        .trim(),
    missing: () => [...missing],
  };
}
