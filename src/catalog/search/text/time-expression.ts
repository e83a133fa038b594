/** Words of time in English, German and Spanish: when a number is wanted, seldom part of what it is called. */
const months =
  'january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|m[aä]rz|mai|juni|juli|oktober|dezember|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre';
/** An expression of time that can be cut out of a question. */
export const timeExpression = new RegExp(
  `\\b(?:(?:since|as of|seit|on|in|im|am|at|for|during|until|by|f[uü]r|en|desde)\\s+)?(?:` +
    `\\d{4}-\\d{2}(?:-\\d{2})?|(?:${months})(?:\\s+\\d{1,2}(?:st|nd|rd|th)?)?(?:,?\\s+\\d{4})?|q[1-4](?:\\s*/?\\s*\\d{4})?|(?:19|20)\\d{2}|` +
    `yesterday|today|tonight|right now|gestern|heute|vorgestern|ayer|hoy|` +
    `(?:the\\s+)?(?:last|past|previous|this|current|letzte[nrms]?|diese[nrms]?|vergangene[nrms]?|vorige[nrms]?)\\s+(?:\\d+\\s+)?(?:days?|weeks?|months?|quarters?|years?|night|monday|tuesday|wednesday|thursday|friday|saturday|sunday|tage?n?|wochen?|monate?n?|monats?|quartals?|jahre?s?)|` +
    `(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)` +
    `)\\b`,
  'i',
);
