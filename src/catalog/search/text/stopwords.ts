/**
 * Words that carry no subject. `everywhere` is dropped from catalog and question, `asking` from questions only: people's
 * ways of asking, in English, German and Spanish. A question of nothing else keeps its `asking` words.
 */
const list = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

export const everywhere = list(
  'a an the of for to and or is are was were be been being it its this that these those at as on by with from per which into than then also each any s t ' +
    'der die das den dem des ein eine einer eines und oder ist sind fur von mit zu im am el los las un una unos y o es son del por al con en',
);

export const asking = list(
  'what whats how who whom whose why when where which do does did doing done we our ours us i im me my mine you your yours they them their he she his her ' +
    'can could would should shall may might will must have has had having get gets got there here so if about tell show give explain describe please pls plz thanks thx thank hi hey hello ' +
    'mean means meaning meant define defines defined definition definitions calculate calculates calculated calculating calculation compute computes computed computing computation ' +
    'counted measured determined derived work worked works exactly actually really anyone anybody somebody someone know knows need needs want wants like look looking find found see ' +
    'in lol just not dont doesnt isnt arent cant im ive whats thats theres let lets ok okay yes yet still same ever too very much something anything stuff whether because been only ' +
    'was bedeutet bedeuten bedeutung heisst wie wird werden berechnet definiert definition ist wer wem gehort wo wann warum wieso kann konnen ich wir mir mich uns unser unsere man darf sich auf bitte unter versteht verstehen eigentlich noch hat haben gibt ' +
    'que significa como se calcula calculan quien quienes cual cuales donde cuando porque nosotros nuestro nuestra definir puedo podemos hay esta estan mi me por favor',
);

/** Words that name the kind of thing, dropped from a question when others remain. */
export const kindWords = list(
  'metric metrics kpi kpis measure measures kennzahl kennzahlen metrik metriken metrica metricas',
);
