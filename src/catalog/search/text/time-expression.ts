/** Words of time in English, German and Spanish: when a number is wanted, seldom part of what it is called. */
const months =
  'january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|m[aä]rz|mai|juni|juli|oktober|dezember|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre';
/** How many: "three weeks ago", "vor drei Wochen", "the last two months". */
const count =
  '(?:\\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eine[nmr]?|zwei|drei|vier|f[uü]nf|sechs|sieben|acht|neun|zehn|zw[oö]lf|una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce)';
const span =
  '(?:days?|weeks?|months?|quarters?|years?|tage?n?|wochen?|monate?n?|quartale?n?|jahre?n?|d[ií]as?|semanas?|mes(?:es)?|a[nñ]os?)';
/** An expression of time that can be cut out of a question. */
export const timeExpression = new RegExp(
  `\\b(?:(?:since|as of|seit|on|in|im|am|at|for|during|until|by|f[uü]r|en|desde)\\s+)?(?:` +
    `${count}\\s+${span}\\s+ago|(?:vor|hace|(?<=\\b(?:since|seit|desde)\\s+))\\s*${count}\\s+${span}|` +
    `\\d{4}-\\d{2}(?:-\\d{2})?|(?:(?:the\\s+|el\\s+)?\\d{1,2}(?:st|nd|rd|th|\\.)?\\s+(?:of\\s+|de\\s+)?)?(?:${months})(?:\\s+\\d{1,2}(?:st|nd|rd|th)?)?(?:,?\\s+\\d{4})?|q[1-4](?:\\s*/?\\s*\\d{4})?|(?:19|20)\\d{2}|` +
    `yesterday|today|tonight|right now|gestern|heute|vorgestern|ayer|hoy|` +
    `(?:the\\s+)?(?:last|past|previous|this|current|letzte[nrms]?|diese[nrms]?|vergangene[nrms]?|vorige[nrms]?)\\s+(?:${count}\\s+)?(?:days?|weeks?|months?|quarters?|years?|night|monday|tuesday|wednesday|thursday|friday|saturday|sunday|tage?n?|wochen?|monate?n?|monats?|quartals?|jahre?s?)|` +
    `(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)` +
    `)\\b`,
  'i',
);
