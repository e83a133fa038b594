const lineMax = 28;
const linesMax = 3;
/** Marks that turn the direction of what stands around them: a name must not reorder its neighbours. */
const bidiMarks = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

/**
 * A name in lines that fit a box: broken after `_`, `.`, `-`, `/` or a space where there is one, the rest cut. Control characters and marks of
 * direction are left out.
 */
export function labelLines(name: string): string[] {
  const clean = [...name.replaceAll(bidiMarks, '').replaceAll(/\s+/g, ' ')]
    .filter((char) => char >= ' ' && char !== '\u007f')
    .join('')
    .trim();
  const lines: string[] = [];
  let rest = [...clean];
  while (rest.length > lineMax && lines.length < linesMax - 1) {
    const end = breakBefore(rest);
    lines.push(rest.slice(0, end).join('').trimEnd());
    rest = rest.slice(end);
  }
  lines.push(rest.length <= lineMax ? rest.join('') : `${rest.slice(0, lineMax - 1).join('')}…`);
  return lines;
}

/** The last good place to break within a line, not before its half; else where the line is full. */
function breakBefore(chars: readonly string[]): number {
  for (let end = lineMax; end > lineMax / 2; end -= 1) if (/[_.\-/ ]/.test(chars[end - 1] ?? '')) return end;
  return lineMax;
}
