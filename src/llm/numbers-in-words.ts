/** Numbers as people spell them. *One* is left out: it is mostly no number. */
const spelled =
  /\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|half|halves|thirds?|quarters?|twice|double[sd]?|triple[sd]?|percent)\b/gi;
const digits = /\d+(?:[.,]\d+)*/g;

/** `1,200` and `1200` are one number. */
const plainNumber = (number: string): string => number.replace(/,(?=\d{3}\b)/g, '');

/** Whether a text holds a number, in digits or in words, that the other one does not hold as a whole. */
export function foreignNumber(text: string, held: string): boolean {
  const numbers = new Set((held.match(digits) ?? []).map(plainNumber));
  if ((text.match(digits) ?? []).some((number) => !numbers.has(plainNumber(number)))) return true;
  const words = new Set((held.match(spelled) ?? []).map((word) => word.toLowerCase()));
  return (text.match(spelled) ?? []).some((word) => !words.has(word.toLowerCase()));
}
