import { end, type IntentPattern, i, s, things } from './intent-pattern.js';

const changed =
  '(?:gone?\\s+(?:up|down)|went\\s+(?:up|down)|dropped|drop|fell|fallen|rose|risen|jumped|spiked|dipped|crashed|tanked|changed|so\\s+(?:low|high|different)|(?:too\\s+|way\\s+)?(?:low|high)(?:er)?|down|up|off)';
const verbless = '(?:is|are|was|were|has|have|did)';

/**
 * Ways of asking that say the name in the middle of more words, as people talk. They stand before the others and are narrow: each begins and ends with words
 * that are part of no name.
 */
export const spokenPatterns: readonly IntentPattern[] = [
  i(
    'act',
    `^(?:please\\s+)?(?:can\\s+(?:you|someone)\\s+|could\\s+(?:you|someone)\\s+)?(?:let|add)\\s+me\\s+(?:in)?to\\s+${s}${end}`,
    'access',
  ),
  i(
    'act',
    `^(?:i|we)\\s+(?:can't|cannot|can\\s+not|am\\s+not\\s+able\\s+to|don't\\s+have\\s+access\\s+to)\\s+(?:see\\s+|open\\s+|query\\s+|read\\s+|access\\s+)?${s}(?:[,.;]\\s*(?:please|can|could|pls)\\b.*)?${end}`,
    'access',
  ),
  i(
    'act',
    `^${s}\\s+(?:has|have|needs?|ought)\\s+to\\s+be\\s+(?:reloaded|re-?run|backfilled|reprocessed|recomputed|rebuilt|loaded\\s+again)\\b.*$`,
    'backfill',
  ),
  i(
    'act',
    `^(?:something|there)(?:\\s+is|\\s+was|'s)\\s+(?:something\\s+)?(?:wrong|off|broken|a\\s+problem)\\s+(?:with|in)\\s+${s}[,.;]\\s*(?:please\\s+)?(?:open|declare|raise|report|start)\\b.*$`,
    'incident',
  ),

  i(
    'owner',
    `^who(?:m)?\\s+(?:do|should|can|must|would|could)\\s+(?:i|we)\\s+(?:talk|speak|ask|ping|contact|reach\\s+out|go|turn|write|address)\\s*(?:to|with)?\\s+(?:about|for|regarding|concerning|on|with)\\s+${s}${end}`,
  ),
  i('owner', `^(?:give|show|tell|get)\\s+me\\s+(?:the\\s+)?owners?\\s+(?:of|for)\\s+${s}${end}`),
  i(
    'owner',
    `^who\\s+(?:signs?\\s+off|approves|decides|reviews|should\\s+(?:review|approve|sign\\s+off|decide))\\s+(?:on\\s+)?(?:(?:the\\s+)?changes?\\s+(?:to|of|in)\\s+)?${s}${end}`,
  ),

  i(
    'why-changed',
    `^(?:how\\s+come|what\\s+made|any\\s+idea\\s+why)\\s+(?:that\\s+)?${s}\\s+(?:${verbless}\\s+)?${changed}\\b(?<t>.*)$`,
  ),
  i(
    'why-changed',
    `^${s}\\s+(?:${verbless}\\s+)?(?:just\\s+|suddenly\\s+)?${changed}(?<t>\\s+[^,.;?]{0,40})?[,.;?!]\\s*(?:what\\s+happened|what\\s+is\\s+going\\s+on|what's\\s+going\\s+on|why(?:\\s+is\\s+that)?|how\\s+come|any\\s+idea(?:\\s+why)?)${end}`,
  ),
  i(
    'why-changed',
    `^(?:did|has)\\s+(?:anyone|anybody|someone|somebody|anything)\\s+(?:touch(?:ed)?|change[d]?|happen(?:ed)?\\s+to|broken?|modif(?:y|ied)|edit(?:ed)?)\\s+${s}(?:\\s+(?:recently|lately))?${end}`,
  ),

  i(
    'why-changed',
    `^did\\s+(?!(?:anyone|anybody|someone|somebody|anything|something|we|you|they|i)\\b)${s}\\s+(?:change|drop|fall|rise|jump|spike|dip|go\\s+(?:up|down))(?<t>\\s+(?:since|in|on|last|this|yesterday|today|over|during|within)\\b.*?)?${end}`,
  ),

  i(
    'history',
    `^since\\s+when\\s+(?:do|are|is|has|have|did)\\s+(?:we|you|they)?\\s*(?:define|defining|calculate|compute|count|measure|use)d?\\s+${s}\\s+(?:like\\s+this|this\\s+way|that\\s+way|so)${end}`,
  ),
  i(
    'history',
    `^since\\s+when\\s+(?:is|are|was|were|has|have)\\s+${s}\\s+(?:been\\s+)?(?:defined|calculated|computed|counted|measured)\\s+(?:like\\s+(?:this|that)|this\\s+way|that\\s+way|so)${end}`,
  ),
  i(
    'history',
    `^how\\s+(?:did|was)\\s+the\\s+(?:definition|formula|meaning)\\s+of\\s+${s}\\s+(?:look|read|worded|written|defined)\\s+(?:like\\s+)?(?<t>(?:in|on|at|last|before|as\\s+of|a)\\s+.+?)${end}`,
  ),

  i(
    'trust',
    `^(?:can|may|could|should|shall|do)\\s+(?:i|we|they|you|the\\s+[\\p{L}]+|[\\p{L}]+)\\s+(?:put|include|have|paste|copy|quote)\\s+${s}\\s+(?:in|into|on|onto|to)\\s+(?:the|our|my|a)\\s+[\\p{L}\\s]+${end}`,
  ),
  i(
    'trust',
    `^(?:is|are)\\s+(?:the\\s+)?${s}\\s+(?:numbers?|figures?|data|values?|metric)\\s+(?:still\\s+|actually\\s+|really\\s+)?(?:legit|safe|reliable|trustworthy|correct|accurate|ok(?:ay)?|fine|good|wrong|right|valid|credible|solid)${end}`,
  ),
  i(
    'trust',
    `^(?:is|are)\\s+${s}\\s+(?:still\\s+|actually\\s+|really\\s+)?(?:legit|solid|off|sane|plausible|trust\\s+worthy)${end}`,
  ),
  i(
    'trust',
    `^(?:is\\s+there\\s+)?any(?:thing)?\\s+(?:(?:i|we)\\s+(?:should|need\\s+to|must)\\s+(?:know|watch\\s+out\\s+for|be\\s+aware\\s+of)|to\\s+(?:know|watch\\s+out\\s+for))\\s+(?:about|before\\s+(?:i|we)\\s+(?:use|quote|share)|before\\s+using|with)\\s+${s}${end}`,
  ),
  i(
    'trust',
    `^(?:is\\s+there\\s+|are\\s+there\\s+)?(?:any\\s+|an\\s+)?(?:open\\s+|known\\s+|current\\s+)*(?:outages?|problems?|issues?|incidents?|trouble)\\s+(?:affecting|with|on|hitting|around)\\s+${s}${end}`,
  ),
  i(
    'trust',
    `^(?:what|which)\\s+tests?\\s+(?:run|runs|are\\s+there|exist|do\\s+we\\s+have|cover|check)\\s*(?:on|for|against)?\\s+${s}${end}`,
  ),
  i(
    'trust',
    `^(?:(?:is|was)\\s+)?(?:there(?:\\s+is|'s)?\\s+)?(?:something|anything)\\s+(?:is\\s+|was\\s+)?(?:wrong|off|broken|amiss)\\s+with\\s+${s}${end}`,
  ),
  i(
    'trust',
    `^gibt\\s+es\\s+(?:aktuell\\s+|gerade\\s+|bekannte\\s+)*(?:probleme|st[oö]rungen|vorf[aä]lle|schwierigkeiten|fehler)\\s+(?:mit|bei|in|an)\\s+${s}${end}`,
  ),
  i(
    'trust',
    `^(?:stimmt|stimmen|passt|passen)\\s+${s}(?:\\s+(?:noch|gerade|aktuell|heute|wirklich|so|denn))*${end}`,
  ),

  i('who-uses', `^was\\s+h[aä]ngt\\s+(?:alles\\s+|noch\\s+|so\\s+)*(?:an|von)\\s+${s}(?:\\s+ab)?${end}`),
  i(
    'lineage',
    `^woher\\s+(?:kommt|kommen|stammt|stammen)\\s+(?:die\\s+)?(?:daten|zahlen|werte)\\s+(?:von|f[uü]r|in|zu|hinter)\\s+${s}${end}`,
  ),
  i(
    'lineage',
    `^where\\s+(?:does|do)\\s+(?:the\\s+)?(?:data|numbers?|figures?|values?)\\s+(?:of|for|in|behind)\\s+${s}\\s+come\\s+from${end}`,
  ),

  i(
    'lineage',
    `^(?:what|which)\\s+(?:tables?|models?|sources?|data(?:sets?)?)\\s+(?:does|do|is|are)\\s+${s}\\s+(?:come\\s+from|(?:built|based|computed|calculated|made)\\s+(?:from|on|of))${end}`,
  ),

  i(
    'list',
    `^how\\s+many\\s+(?<s>${things})\\s+(?:do\\s+we\\s+have|are\\s+there|exist|does\\s+the\\s+catalog(?:ue)?\\s+have|do\\s+you\\s+know)${end}`,
  ),
  i('list', `^(?:wie\\s+viele)\\s+(?<s>${things})\\s+(?:haben\\s+wir|gibt\\s+es|kennst\\s+du)${end}`),
  i(
    'list',
    `^(?:are|is)\\s+there\\s+(?:any\\s+)?(?<s>${things}\\s+(?:nobody|no\\s*one|that\\s+nobody|that\\s+no\\s*one|without|with\\s+no)\\b.*?)${end}`,
  ),

  i(
    'define',
    `^what\\s+(?:should|can|do|could|must)\\s+(?:i|we)\\s+(?:use|take|look\\s+at|quote)\\s+(?:instead\\s+of|in\\s+place\\s+of|rather\\s+than)\\s+${s}${end}`,
  ),
  i('define', `^what\\s+(?:replaces|replaced|succeeds|succeeded|is\\s+the\\s+successor\\s+of)\\s+${s}${end}`),
  i(
    'define',
    `^(?:what|which)\\s+(?:filters?|dimensions?|units?|grain|granularity|caveats?|formula)\\s+(?:appl(?:y|ies)\\s+to|does|do|is|are|can\\s+(?:i|we)\\s+(?:slice|cut|split|filter|group|break\\s+down))\\s+${s}(?:\\s+(?:by|have|has|use|uses|in|into))?${end}`,
  ),
  i(
    'define',
    `^(?:i'd|i\\s+would|we'd|we\\s+would)\\s+like\\s+to\\s+(?:see|know|understand)\\s+(?:the\\s+)?${s}(?:\\s+(?:formula|definition|calculation))?${end}`,
  ),
  i(
    'define',
    `^(?:erkl[aä]re?|beschreibe?)\\s+(?:mir\\s+|uns\\s+)?(?:bitte\\s+|mal\\s+)*(?:die\\s+|den\\s+|das\\s+)?(?:kennzahl|metrik|tabelle|begriff)\\s+${s}${end}`,
  ),
];
