/** `2026-03-02 10:00 UTC`: a moment within a sentence that knows no reader. What is sent to Slack shows it in the reader's own zone (`escapeWithTimes`). */
export function utcWords(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
