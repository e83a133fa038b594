import { timeExpression } from '../catalog/search/text/time-expression.js';
import { end, type IntentPattern, i, s, things } from './intent-pattern.js';
import { spokenPatterns } from './spoken-patterns.js';

/**
 * First match wins, so the narrow ones stand first. Every line has its phrasings in demo/questions.intents.json, at least
 * twelve per intent.
 */
export const intentPatterns: readonly IntentPattern[] = [
  ...spokenPatterns,
  // wishes to act: they open a form, words alone never act
  i(
    'act',
    `\\b(?:i|we|you)?\\s*(?:need|want|get|give me|request|require|grant me|can i have|could i (?:get|have)|may i have|how do i get)\\s+(?:read |write )?(?:access|permissions?|rights?)\\s+(?:to|for|on)\\s+${s}${end}`,
    'access',
  ),
  i('act', `\\b(?:request|ask for|apply for)\\s+access\\b(?:\\s+(?:to|for)\\s+${s})?${end}`, 'access'),
  i(
    'act',
    `\\b(?:ich|wir)\\s+(?:brauche[n]?|ben[oö]tige[n]?|m[oö]chte[n]?|h[aä]tte[n]? gerne?)\\s+(?:einen?\\s+)?(?:zugriff|zugang|leserechte|rechte)\\s+(?:auf|zu|f[uü]r)\\s+${s}${end}`,
    'access',
  ),
  i('act', `^(?:zugriff|zugang)\\s+(?:auf|zu)\\s+${s}\\s+(?:beantragen|anfordern)${end}`, 'access'),
  i(
    'act',
    `^(?:please\\s+|can you\\s+|could you\\s+)?(?:re-?run|rerun|backfill|reload|reprocess|re-?compute|re-?load|replay)\\s+${s}${end}`,
    'backfill',
  ),
  i('act', `^(?:bitte\\s+)?${s}\\s+(?:neu laden|nachladen|neu berechnen|neu rechnen)${end}`, 'backfill'),
  i(
    'act',
    `^(?:declare|open|raise|report|start)\\s+(?:an?\\s+)?(?:data\\s+)?(?:incident|outage|problem)\\b(?:\\s*(?:for|on|about|with|:)?\\s*${s})?${end}`,
    'incident',
  ),
  i(
    'act',
    `^(?:melde|st[oö]rung|vorfall)\\s+(?:einen?\\s+)?(?:vorfall|st[oö]rung|melden)?\\s*(?:zu|f[uü]r|bei)?\\s*${s}${end}`,
    'incident',
  ),

  // two things side by side
  i('compare', `^(?:please\\s+)?compare\\s+${s}\\s+(?:and|with|to|vs\\.?|versus|against)\\s+(?<o>.+?)${end}`),
  i('compare', `^(?:please\\s+)?compare\\s+${s}${end}`),
  i(
    'compare',
    `\\b(?:differences?|diff|differ|distinction)\\s+(?:between|b/w|of)\\s+${s}\\s+(?:and|vs\\.?|versus)\\s+(?<o>.+?)${end}`,
  ),
  i(
    'compare',
    `^how\\s+(?:does|do|is|are)\\s+${s}\\s+(?:differ(?:s|ent)?|compares?)\\s+(?:from|to|with|than)\\s+(?<o>.+?)${end}`,
  ),
  i(
    'compare',
    `^(?:is|are)\\s+${s}\\s+(?:the same as|identical to|equal to|different from|different to|different than)\\s+(?<o>.+?)${end}`,
  ),
  i(
    'compare',
    `^(?:should i use|do i use|which (?:one )?(?:should i use|is right|is better|to use))[:,]?\\s+${s}\\s+or\\s+(?<o>.+?)${end}`,
  ),
  i('compare', `^${s}\\s+(?:vs\\.?|versus|gegen|gegen[uü]ber)\\s+(?<o>.+?)${end}`),
  i(
    'compare',
    `\\b(?:unterschiede?|unterscheidet sich|unterscheiden sich)\\s+(?:zwischen\\s+)?${s}\\s+(?:und|von)\\s+(?<o>.+?)${end}`,
  ),
  i('compare', `^vergleiche?\\s+${s}\\s+(?:und|mit)\\s+(?<o>.+?)${end}`),
  i('compare', `^ist\\s+${s}\\s+(?:dasselbe|das gleiche|das selbe)\\s+wie\\s+(?<o>.+?)${end}`),

  // a change of the number
  i(
    'why-changed',
    `^why\\s+(?:did|has|have|is|are|was|were|does|do)\\s+${s}\\s+(?:gone?\\s+(?:up|down)|chang(?:e|ed|ing)|drop(?:ped|ping)?|fall(?:en|ing)?|fell|ris(?:e|en|ing)|rose|jump(?:ed|ing)?|spik(?:e|ed|ing)|dip(?:ped)?|mov(?:e|ed|ing)|declin(?:e|ed|ing)|increas(?:e|ed|ing)|decreas(?:e|ed|ing)|grow(?:n|ing)?|grew|tank(?:ed)?|crash(?:ed)?|look(?:s|ing)?\\s+(?:off|wrong|weird|odd|strange|different)|so\\s+(?:low|high|different)|low(?:er)?|high(?:er)?|down|up|off|wrong|different|weird)\\b(?<t>.*)$`,
  ),
  i(
    'why-changed',
    `^why\\s+(?:the\\s+)?(?:change|drop|jump|spike|dip|increase|decrease|move)\\s+(?:in|of)\\s+${s}(?:\\s+(?<t>since\\b.+?))?${end}`,
  ),
  i(
    'why-changed',
    `^what(?:'?s| has| is)?\\s+(?:happened|happening|changed|going on|went wrong|is wrong|wrong)\\s+(?:to|with|in|about)\\s+${s}${end}`,
  ),
  i(
    'why-changed',
    `^what\\s+(?:caused|explains|drove|moved)\\s+(?:the\\s+(?:change|drop|jump|spike|dip|increase|decrease|move)\\s+(?:in|of)\\s+)?${s}${end}`,
  ),
  i(
    'why-changed',
    `^(?:explain|investigate)\\s+the\\s+(?:change|drop|jump|spike|dip|increase|decrease|move)\\s+(?:in|of)\\s+${s}${end}`,
  ),
  i('why-changed', `^why\\s+${s}(?:\\s+(?<t>since\\b.+?))?${end}`),
  i(
    'why-changed',
    `^(?:warum|wieso|weshalb)\\s+(?:ist|hat sich|sind|haben sich|war|f[aä]llt|steigt|sinkt)\\s+${s}\\s*(?:so\\s+)?(?:ge[aä]ndert|ver[aä]ndert|gesunken|gefallen|gestiegen|eingebrochen|niedrig(?:er)?|hoch|h[oö]her|anders|falsch|weniger|mehr)?${end}`,
  ),
  i('why-changed', `^was\\s+ist\\s+(?:mit|bei)\\s+${s}\\s+(?:passiert|los|geschehen)${end}`),
  i(
    'why-changed',
    `^(?:por qu[eé])\\s+(?:cambi[oó]|baj[oó]|subi[oó]|ha cambiado|ha bajado|ha subido)\\s+${s}${end}`,
  ),

  // may I rely on it
  i(
    'trust',
    `^(?:can|could|may|should|do|shall)\\s+(?:i|we|one|you)\\s+(?:still\\s+|really\\s+|safely\\s+)?(?:trust|rely on|believe|use|quote|cite|share|present|count on|depend on|show)\\s+${s}${end}`,
  ),
  i(
    'trust',
    `^(?:is|are)\\s+${s}\\s+(?:still\\s+|actually\\s+|really\\s+)?(?:safe|reliable|trustworthy|trusted|correct|accurate|ok(?:ay)?|fine|good|broken|wrong|healthy|certified|usable|valid|right|credible)\\b(?<t>.*)$`,
  ),
  i(
    'trust',
    `^is\\s+it\\s+(?:safe|ok(?:ay)?|fine)\\s+to\\s+(?:use|trust|quote|share|present|show)\\s+${s}${end}`,
  ),
  i(
    'trust',
    `^(?:how\\s+(?:reliable|trustworthy|accurate|safe|good|healthy)\\s+(?:is|are)|trust(?:worthiness)?(?:\\s+(?:of|in|for))?:?|verdict\\s+(?:on|for)|(?:data\\s+)?quality\\s+of|health\\s+of|status\\s+of)\\s+${s}${end}`,
  ),
  i(
    'trust',
    `^any\\s+(?:known\\s+)?(?:problems?|issues?|incidents?|caveats?)\\s+(?:with|on|for|in|affecting)\\s+${s}${end}`,
  ),
  i('trust', `^(?:do|are)\\s+(?:the\\s+)?tests?\\s+(?:of|on|for)\\s+${s}\\s+(?:pass(?:ing)?|green|ok)${end}`),
  i(
    'trust',
    `^(?:kann|darf|soll(?:te)?|k[oö]nnen|d[uü]rfen)\\s+(?:ich|wir|man)\\s+(?:noch\\s+|mich\\s+auf\\s+|uns\\s+auf\\s+)?${s}\\s*(?:vertrauen|trauen|verwenden|nutzen|benutzen|zeigen|verlassen|zitieren)${end}`,
  ),
  i(
    'trust',
    `^(?:ist|sind)\\s+${s}\\s+(?:verl[aä]sslich|zuverl[aä]ssig|vertrauensw[uü]rdig|korrekt|richtig|sicher|in ordnung|kaputt|falsch|brauchbar|belastbar)\\b(?<t>.*)$`,
  ),
  i(
    'trust',
    `^wie\\s+(?:verl[aä]sslich|zuverl[aä]ssig|vertrauensw[uü]rdig|genau|gut)\\s+(?:ist|sind)\\s+${s}${end}`,
  ),
  i('trust', `^(?:puedo|podemos)\\s+(?:confiar en|usar|fiarme de)\\s+${s}${end}`),

  // what it was, and is now
  i(
    'history',
    `^(?:show\\s+(?:me\\s+)?)?(?:the\\s+)?(?:history|change ?log|versions?|past definitions?)\\s+(?:of|for)\\s+${s}${end}`,
  ),
  i(
    'history',
    `^(?:how|when)\\s+(?:has|did|was|have|were)\\s+(?:the\\s+)?(?:definition|meaning|formula|calculation)\\s+of\\s+${s}\\s+(?:last\\s+)?(?:change[d]?|evolve[d]?|updated?|modified|altered)\\b(?<t>.*)$`,
  ),
  i(
    'history',
    `^(?:has|did)\\s+(?:the\\s+)?(?:definition|meaning|formula)\\s+of\\s+${s}\\s+(?:ever\\s+|recently\\s+)?change[d]?\\b(?<t>.*)$`,
  ),
  i(
    'history',
    `^when\\s+(?:was|did)\\s+${s}\\s+(?:last\\s+)?(?:redefined|change definition|changed definition|get redefined|last redefined)${end}`,
  ),
  i(
    'history',
    `^(?:what\\s+was|how\\s+was|how\\s+did\\s+we\\s+define)\\s+(?:the\\s+)?(?:definition\\s+of\\s+)?${s}\\s+(?:defined\\s+)?(?<t>as of\\s+.+?|before\\s+.+?)${end}`,
  ),
  i('history', `^${s}\\s+(?<t>as of\\s+.+?)${end}`),
  i('history', `^${s}\\s+(?:history|change ?log|changelog)${end}`),
  i('history', `^who\\s+(?:changed|approved|edited)\\s+(?:the\\s+definition\\s+of\\s+)?${s}${end}`),
  i(
    'history',
    `^(?:wann|wie)\\s+(?:wurde|hat sich)\\s+(?:die\\s+)?(?:definition|formel|berechnung)\\s+(?:von|f[uü]r)\\s+${s}\\s+(?:zuletzt\\s+)?(?:ge[aä]ndert|angepasst|ver[aä]ndert)${end}`,
  ),
  i('history', `^(?:historie|verlauf|[aä]nderungen)\\s+(?:von|zu|der|f[uü]r)\\s+${s}${end}`),

  // is it there yet
  i(
    'freshness',
    `^when\\s+(?:will|does|is|are|was|were|did|do)\\s+${s}\\s+(?:be\\s+|get\\s+|last\\s+|next\\s+|been\\s+|usually\\s+)*(?:there|ready|available|updated?|refresh(?:ed)?|loaded?|land(?:ed)?|arrive[d]?|done|finished|complete[d]?|run|due|back|synced|current|up to date|fresh)\\b(?<t>.*)$`,
  ),
  i(
    'freshness',
    `^(?:how\\s+(?:fresh|recent|old|current|up[- ]to[- ]date|stale|late)\\s+(?:is|are)|freshness\\s+(?:of|for)|last\\s+(?:update|refresh|load)\\s+(?:of|for))\\s+${s}${end}`,
  ),
  i(
    'freshness',
    `^how\\s+often\\s+(?:is|are|does|do)\\s+${s}\\s+(?:updated?|refresh(?:ed)?|(?:re)?load(?:ed)?|(?:re)?built|sync(?:ed)?|run|land|arrive|come\\s+in)${end}`,
  ),
  i(
    'freshness',
    `^(?:is|are|was|were|has|have)\\s+${s}\\s+(?:been\\s+|already\\s+|still\\s+)*(?:fresh|up[- ]to[- ]date|current|late|delayed|stale|loaded|refreshed|updated|there|in|landed|arrived|outdated|complete|on time|running late|ready)(?:\\s+(?:yet|today|already|this morning|now|again))?${end}`,
  ),
  i(
    'freshness',
    `^did\\s+${s}\\s+(?:load|run|land|arrive|refresh|update|finish|complete|come in)\\b(?<t>.*)$`,
  ),
  i(
    'freshness',
    `^(?:where\\s+is(?!.*\\b(?:used|shown|consumed|referenced|displayed|come|from)\\b)|what\\s+is\\s+holding\\s+up|is\\s+there\\s+(?:already\\s+)?(?:fresh|new)\\s+data\\s+(?:in|for))\\s+${s}${end}`,
  ),
  i(
    'freshness',
    `^wann\\s+(?:kommt|kommen|ist|sind|wird|werden|wurde|wurden)\\s+${s}\\s*(?:zuletzt\\s+|wieder\\s+)?(?:da|fertig|bereit|verf[uü]gbar|aktualisiert|geladen|an|aktuell)${end}`,
  ),
  i('freshness', `^wann\\s+(?:kommt|kommen|landet|landen)\\s+(?:endlich\\s+)?${s}${end}`),
  i('freshness', `^wie\\s+(?:aktuell|frisch|alt)\\s+(?:ist|sind)\\s+${s}${end}`),
  i(
    'freshness',
    `^(?:ist|sind)\\s+${s}\\s+(?:schon\\s+|noch\\s+)?(?:aktuell|frisch|veraltet|versp[aä]tet|zu\\s+sp[aä]t|sp[aä]t\\s+dran|im\\s+verzug|geladen|da|fertig)(?:\\s+heute)?${end}`,
  ),

  // whose is it
  i(
    'owner',
    `^(?:who(?:'?s|\\s+is|\\s+are)?)\\s+(?:the\\s+)?(?:owns?|owners?|owning|responsible|in charge|accountable|looks? after|maintains?|takes? care|steward|contact(?:\\s+person)?|point of contact|expert|data owner|backup owner)\\s*(?:of|for|on|about)?\\s+${s}${end}`,
  ),
  i(
    'owner',
    `^(?:who)\\s+(?:do|should|can|could|would|must)\\s+(?:i|we)\\s+(?:ask|contact|talk to|ping|call|go to|approach|reach out to|speak to|write to)\\s+(?:about|for|regarding|concerning|when it comes to|with questions about)\\s+${s}${end}`,
  ),
  i(
    'owner',
    `^(?:who)\\s+(?:knows|can help|can tell me)\\s+(?:most\\s+|more\\s+|me\\s+)?(?:about|with)\\s+${s}${end}`,
  ),
  i(
    'owner',
    `^(?:whose|which team(?:'s)?|what team)\\s+(?:is|are|owns?|maintains?|looks after|does)\\s+${s}(?:\\s+(?:belong to|owned by|responsible for))?${end}`,
  ),
  i('owner', `^(?:owners?|contact(?:\\s+person)?|steward|maintainer)\\s+(?:of|for)\\s+${s}${end}`),
  i(
    'owner',
    `^(?!which|what|list|show|all|how|find|give|welche|was|liste|zeig|alle|nenne)(?!.*\\b(?:without|with\\s+no|no|missing|lacking|having)\\s+(?:an?\\s+)?owner)${s}\\s+owner${end}`,
  ),
  i('owner', `^(?:who|which team)\\s+(?:built|made|created|wrote)\\s+${s}${end}`),
  i(
    'owner',
    `^qui[eé]n\\s+es\\s+(?:el\\s+|la\\s+)?(?:due[nñ][oa]|propietari[oa]|responsable)\\s+del?\\s+${s}${end}`,
  ),
  i('owner', `^wem\\s+geh[oö]r(?:t|en)\\s+${s}${end}`),
  i('owner', `^wer\\s+(?:ist|sind)\\s+(?:f[uü]r\\s+)?${s}\\s+(?:verantwortlich|zust[aä]ndig)${end}`),
  i(
    'owner',
    `^wer\\s+(?:verantwortet|betreut|pflegt|besitzt|kennt sich mit|ist verantwortlich f[uü]r|ist zust[aä]ndig f[uü]r)\\s+${s}(?:\\s+aus)?${end}`,
  ),
  i(
    'owner',
    `^(?:wen|an wen)\\s+(?:kann|soll|muss|frage|wende)\\s+(?:ich|wir)?\\s*(?:mich|uns)?\\s*(?:zu|wegen|bei|nach)?\\s+${s}\\s*(?:fragen|wenden|ansprechen)?${end}`,
  ),
  i(
    'owner',
    `^(?:verantwortliche[r]?|ansprechpartner(?:in)?|besitzer(?:in)?)\\s+(?:f[uü]r|von|zu)\\s+${s}${end}`,
  ),

  // "which tables contain pii" asks for a list, "which tables contain order_id" for what uses a column
  i(
    'list',
    `^(?:which|what)\\s+(?<s>${things}\\s+(?:contain|hold|have)\\s+(?:any\\s+)?(?:pii|phi|personal|sensitive|financial|confidential|classified)\\b.*?)${end}`,
  ),

  // what hangs on it
  i(
    'who-uses',
    `^(?:what|which\\s+\\w+|who)\\s+(?:will\\s+|would\\s+)?(?:break|breaks|fails?|is affected|are affected|gets? affected|suffers?|is impacted|are impacted|happens)\\s+(?:if|when|by|should)\\s+(?:(?:i|we)\\s+(?:change|drop|remove|delete|rename|break|touch|alter)\\s+)?${s}(?:\\s+(?:changes?|breaks?|fails?|goes away|is (?:late|dropped|removed|deleted|renamed|changed|down|wrong)|are (?:late|dropped|removed)))?${end}`,
  ),
  i(
    'who-uses',
    `^(?:what|which\\s+\\w+|who)\\s+(?:else\\s+)?(?:uses?|depends?\\s+on|relies?\\s+on|consumes?|reads?(?:\\s+from)?|references?|is\\s+(?:built|based)\\s+on|are\\s+(?:built|based)\\s+on|is\\s+downstream\\s+of|are\\s+downstream\\s+of|shows?|hangs?\\s+on|contains?)\\s+(?:the\\s+)?(?:column\\s+|field\\s+)?${s}${end}`,
  ),
  i(
    'who-uses',
    `^(?:where|by whom)\\s+(?:is|are)\\s+${s}\\s+(?:being\\s+)?(?:used|shown|consumed|referenced|displayed)${end}`,
  ),
  i(
    'who-uses',
    `^(?:downstream|dependents|consumers|impact(?:\\s+analysis)?|blast radius|users|usages?)\\s+(?:of|for)\\s+${s}${end}`,
  ),
  i(
    'who-uses',
    `^(?:what(?:'?s| is))\\s+(?:the\\s+)?(?:impact|blast radius|downstream)\\s+of\\s+(?:changing\\s+|dropping\\s+|removing\\s+)?${s}${end}`,
  ),
  i('who-uses', `^(?:is|are)\\s+(?:anyone|anybody|somebody|someone)\\s+(?:still\\s+)?using\\s+${s}${end}`),
  i(
    'who-uses',
    `^(?:wer|was|welche\\s+\\p{L}+|welches\\s+\\p{L}+)\\s+(?:nutzt|nutzen|benutzt|verwendet|verwenden|h[aä]ngt an|h[aä]ngen an|h[aä]ngt von|h[aä]ngen von|braucht|liest|zeigen|zeigt)\\s+${s}(?:\\s+ab)?${end}`,
  ),
  i(
    'who-uses',
    `^was\\s+(?:geht\\s+kaputt|bricht|passiert)\\s*,?\\s+wenn\\s+(?:ich\\s+|wir\\s+)?${s}\\s+(?:[aä]nder[en]*|l[oö]sch[en]*|ausf[aä]llt|fehlt|umbenenn[en]*|wegf[aä]llt)${end}`,
  ),
  i('who-uses', `^wo\\s+(?:wird|werden)\\s+${s}\\s+(?:verwendet|benutzt|genutzt|gezeigt)${end}`),

  // what it is made of
  i(
    'lineage',
    `^(?:where\\s+(?:does|do)|from\\s+where\\s+(?:does|do))\\s+${s}\\s+(?:come|originate)(?:\\s+from)?${end}`,
  ),
  i(
    'lineage',
    `^(?:what(?:'?s| is| are)|which\\s+\\w+\\s+(?:is|are|feeds?)|how\\s+is)\\s+${s}\\s+(?:built|made|based|derived|sourced|computed|fed|composed)\\s*(?:on|from|of|up of|by)${end}`,
  ),
  i(
    'lineage',
    `^(?:show\\s+(?:me\\s+)?)?(?:the\\s+)?(?:lineage|upstream|sources?|inputs?|dependencies|data sources?|origin|ancestors|parents)\\s+(?:of|for|behind)\\s+${s}${end}`,
  ),
  i(
    'lineage',
    `^(?:what|which\\s+\\w+)\\s+(?:feeds?|goes?\\s+into|is\\s+upstream\\s+of|are\\s+upstream\\s+of|is\\s+behind|are\\s+behind|does\\s+(?=.*depend\\s+on)|sits?\\s+behind)\\s+${s}(?:\\s+depend\\s+on)?${end}`,
  ),
  i(
    'lineage',
    `^(?:what|which\\s+\\w+)\\s+(?:does|do)\\s+${s}\\s+(?:depend|rely|build)\\s+(?:on|upon)${end}`,
  ),
  i('lineage', `^${s}\\s+(?:lineage|upstream)${end}`),
  i('lineage', `^(?:draw|picture|graph|diagram)\\s+(?:the\\s+)?(?:lineage\\s+)?(?:of|for)\\s+${s}${end}`),
  i('lineage', `^woher\\s+(?:kommt|kommen|stammt|stammen)\\s+${s}${end}`),
  i(
    'lineage',
    `^woraus\\s+(?:besteht|bestehen|wird|werden|setzt sich)\\s+${s}\\s*(?:berechnet|gebaut|zusammen)?${end}`,
  ),
  i('lineage', `^(?:herkunft|quellen|datenquellen|abstammung)\\s+(?:von|der|des|f[uü]r)\\s+${s}${end}`),
  i(
    'lineage',
    `^(?:worauf\\s+(?:basiert|basieren|beruht|beruhen)|wovon\\s+h[aä]ng(?:t|en))\\s+${s}(?:\\s+ab)?${end}`,
  ),

  // lists
  i(
    'list',
    `^(?:(?:please\\s+)?(?:list|show(?:\\s+me)?|give\\s+me|find)|(?:what|which)\\s+are)\\s+(?:all\\s+|the\\s+|our\\s+|me\\s+)*(?<s>(?!(?:today|yesterday|tomorrow|this|last|next)\\b)(?:[\\p{L}\\d_-]+\\s+){0,3}[\\p{L}\\d_-]+['’]s?\\s+${things})${end}`,
  ),
  i('list', `^(?:all\\s+)?(?:the\\s+)?(?<s>(?:[\\p{L}\\d_-]+\\s+){1,3}team['’]s?\\s+${things})${end}`),
  i(
    'list',
    `^(?:please\\s+)?(?:list|show(?:\\s+me)?|give\\s+me|name|find)\\s+(?:all\\s+|every\\s+|the\\s+|our\\s+|me\\s+)*(?<s>(?:[\\p{L}\\d_-]+\\s+){0,3}${things}\\b.*?)${end}`,
  ),
  i(
    'list',
    `^(?:which|what)\\s+(?<s>(?:[\\p{L}\\d_-]+\\s+){0,2}${things}\\s+(?:do|does|have|has|are|is|exist|belong|without|with|there|can|lack|miss|need|should)\\b.*?)${end}`,
  ),
  i(
    'list',
    `^(?:how\\s+many)\\s+(?<s>(?:[\\p{L}\\d_-]+\\s+)?${things}\\s+(?:do|does|are|have|has|exist|without|with)\\b.*?)${end}`,
  ),
  i('list', `^(?:what|which)\\s+(?:do|does)\\s+(?:the\\s+)?(?<s>.+?\\s+(?:team\\s+)?own)${end}`),
  i(
    'list',
    `^(?:what)\\s+(?:can i ask(?: you)?(?: about)?|do you know(?: about)?|is in the catalog)(?<s>)${end}`,
  ),
  i(
    'list',
    `^(?:please\\s+)?(?:(?:list|show(?:\\s+me)?|find)\\s+)?(?<s>everything\\s+(?:owned by|that belongs to|without|with no|tagged)\\b.+?|everything\\s+(?:in|of|from)\\s+(?:the\\s+)?(?:domain\\s+[\\p{L}\\d_-]+|[\\p{L}\\d_-]+\\s+domain))${end}`,
  ),
  i('list', `^(?:all\\s+|our\\s+)?(?<s>${things})${end}`),
  i(
    'list',
    `^(?:all\\s+|our\\s+|the\\s+|alle\\s+)?(?<s>(?:deprecated|certified|uncertified|undocumented|unowned|orphaned|untested|late|stale|draft|tier[ -]?\\d|veraltete|zertifizierte)\\s+${things})${end}`,
  ),
  i(
    'list',
    `^(?:glossary\\s+)?(?<s>${things}\\s+(?:without|with no|missing|lacking|having no|tagged|owned by|about|in|of|with|ohne|im|aus|von)\\b.+?)${end}`,
  ),
  i(
    'list',
    `^(?:liste|zeige?|nenne|zeig)\\s+(?:mir\\s+)?(?:alle\\s+|die\\s+|s[aä]mtliche\\s+)*(?<s>(?:[\\p{L}\\d_-]+\\s+){0,2}${things}\\b.*?)${end}`,
  ),
  i(
    'list',
    `^(?:welche|was f[uü]r)\\s+(?<s>(?:[\\p{L}\\d_-]+\\s+){0,2}${things}\\s+(?:gibt|haben|hat|sind|geh[oö]ren|ohne|mit)\\b.*?)${end}`,
  ),

  // a number
  i(
    'value',
    `^(?:what(?:'?s|\\s+is|\\s+was|\\s+were|\\s+are)|how\\s+(?:high|low|large|big|much|many)(?:\\s+(?:is|was|are|were))?|show(?:\\s+me)?|tell\\s+me|give\\s+me|get\\s+me)\\s+(?:the\\s+|our\\s+)?(?<s>.+?)(?:\\s+(?:did\\s+we\\s+(?:have|make|do|get|see)|do\\s+we\\s+have|have\\s+we|was|were|is|are))?\\s+(?<t>${'(?:in|on|for|during|as of|at)?\\s*(?:the\\s+)?(?:january|february|march|april|may|june|july|august|september|october|november|december|q[1-4]\\b(?:\\s+\\d{4})?|(?:19|20)\\d{2}(?:-\\d{2}){0,2}|yesterday|today|right now|now|last\\s+(?:\\d+\\s+)?\\w+|this\\s+(?:week|month|quarter|year|morning)|(?:previous|past|current)\\s+(?:\\d+\\s+)?\\w+)(?:\\s+\\d{4})?'})${end}`,
  ),
  i(
    'value',
    `^(?:what(?:'?s|\\s+was|\\s+were)|how\\s+(?:high|low|large|big|much|many)(?:\\s+(?:was|were))?)\\s+(?:the\\s+|our\\s+)?${s}\\s+(?<t>${timeExpression.source})${end}`,
  ),
  i(
    'value',
    `^(?:what(?:'?s|\\s+is))\\s+(?:the\\s+|our\\s+)?(?:current|latest|actual|exact)\\s+(?:value|number|figure|amount|level)?\\s*(?:of|for)?\\s*${s}${end}`,
  ),
  i('value', `^(?:value|number|figure)s?\\s+(?:of|for)\\s+${s}${end}`),
  i(
    'value',
    `^how\\s+(?:many|much)\\s+${s}\\s+(?:(?:do|did|have|can)\\s+we\\s+(?:have|had|make|made|get|got|see|seen|earn|spend|sell|sold|process|serve)|(?:are|were)\\s+there)(?:\\s+in\\s+total)?${end}`,
  ),
  i(
    'value',
    `^was\\s+(?:war|waren)\\s+(?:der\\s+|die\\s+|das\\s+|unsere?\\s+)?${s}\\s+(?<t>(?:gestern|heute|letzte[nrms]?|vergangene[nrms]?|diese[nrms]?|im|in)\\b.*?)${end}`,
  ),
  i('value', `^wie\\s+viele?\\s+${s}\\s+(?:haben|hatten|gibt)\\s+(?:wir|es)${end}`),
  i(
    'value',
    `^wie\\s+(?:hoch|viel|viele|gro[sß]+)(?:\\s+(?:war|waren|ist|sind))?\\s+${s}(?:\\s+(?:hatten|haben|machten|hatte)\\s+wir)?\\s+(?<t>(?:im|in|am|letzte[nrms]?|gestern|heute|diese[nrms]?|vergangene[nrms]?)\\b.*?)${end}`,
  ),
  i(
    'value',
    `^wie\\s+hoch\\s+(?:war|ist|sind|waren)\\s+${s}(?:\\s+(?:aktuell|derzeit|gerade|momentan))?${end}`,
  ),

  // meaning, the default
  i(
    'define',
    `^(?:what(?:'?s|\\s+is|\\s+are)|define|explain|describe|definition\\s+of|meaning\\s+of|was\\s+(?:ist|sind|bedeutet|hei[sß]+t)|qu[eé]\\s+(?:es|son|significa))\\s+${s}${end}`,
  ),
];
