/** What a phrased answer may rest on. */
export interface PhrasedRecord {
  id: string;
  /** Everything the record holds, as text: the only source of numbers and identifiers. */
  text: string;
}

export interface PhrasedSentence {
  text: string;
  cites: readonly string[];
}

const longest = 700;
const mostSentences = 5;
const marks = /\[\[(?:name|formula|owner|verdict)\]\]/g;

/**
 * The check after the model: every sentence cites given records, and holds no number, no identifier, no link and no mention that they
 * do not hold. Returns why it fails, or undefined when it may be shown.
 */
export function faultOf(
  sentences: readonly PhrasedSentence[],
  records: readonly PhrasedRecord[],
): string | undefined {
  if (sentences.length === 0 || sentences.length > mostSentences) return 'number of sentences';
  const byId = new Map(records.map((record) => [record.id, record.text.toLowerCase()]));
  let length = 0;
  for (const { text, cites } of sentences) {
    length += text.length;
    if (cites.length === 0 || cites.some((id) => !byId.has(id))) return 'citation';
    const cited = cites.map((id) => byId.get(id) ?? '').join('\n');
    const words = text.replace(marks, ' ');
    if (/\[\[|\]\]/.test(words)) return 'mark';
    if (/https?:|www\.|<[!@#h]|[@#]\w|\bmailto:|[`*_~]{2,}|\p{Extended_Pictographic}/iu.test(words))
      return 'link, mention or markup';
    for (const number of words.match(/\d+(?:[.,]\d+)*/g) ?? []) if (!cited.includes(number)) return 'number';
    for (const identifier of words.match(/\b\w+(?:[_.]\w+)+\b/g) ?? []) {
      if (!cited.includes(identifier.toLowerCase())) return 'identifier';
    }
    if (
      /\b(?:ignore|disregard)\b.{0,30}\b(?:instructions?|rules?|prompt)\b|\bsystem prompt\b|\bas an ai\b/i.test(
        words,
      )
    )
      return 'instruction';
  }
  return length > longest ? 'length' : undefined;
}
