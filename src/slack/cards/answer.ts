import type { ActionsBlockElement, Button, KnownBlock } from '@slack/types';
import type { Answer } from '../../answers/answer-types.js';
import { firstOnlyText, noSuchThing, whichOne } from '../../answers/compose.js';
import type { Fact } from '../../answers/facts.js';
import { pendingSentence } from '../../answers/pending-definition.js';
import { valueInWords } from '../../answers/values/read-value.js';
import type { Verdict } from '../../answers/verdict-types.js';
import { kindWord } from '../../answers/words.js';
import type { Asset } from '../../catalog/asset.js';
import type { SmoothAsked } from '../../llm/ask-smoothly.js';
import type { Services } from '../../services.js';
import { actions, button, context, divider, fields, section } from '../blocks.js';
import { escapeMrkdwn, escapeWithTimes, link, slackDate, truncate } from '../mrkdwn.js';
import type { Caller, Reply } from '../surface.js';
import { eventBlocks } from './answer-events.js';
import { historyBlocks } from './answer-history.js';
import { cardMenus } from './answer-menus.js';
import { numberInBlocks, valueBlocks } from './answer-value.js';

/** Verdict in a shape and a word: colour or picture alone never say it. */
const verdictMark: Record<Verdict['verdict'], string> = {
  SAFE: ':large_green_circle: *SAFE*',
  CAUTION: ':large_yellow_circle: *CAUTION*',
  'DO NOT USE': ':red_circle: *DO NOT USE*',
};

/** Fields of the short card, in order; everything else is behind "More". */
const shortFields = ['grain', 'owner', 'tier', 'freshness', 'tests', 'usedBy'];

/** Said where a model decided what the question is about: it may have been wrong. */
const placedByModel = {
  routing: 'I could not place the question by myself; AI understood it as one about this.',
  choice: 'More than one thing fits these words; AI took this one to be meant.',
};

/** What an answer looks like in Slack, and who sees it. */
export function answerReply(services: Services, caller: Caller, asked: SmoothAsked): Reply {
  const { answer, openToAll, openToPlace } = asked;
  const pending = asked.pending === null ? '' : pendingSentence(asked.pending);
  const understood = asked.placedBy === null ? '' : placedByModel[asked.placedBy];
  const blocks = [
    ...(understood === '' ? [] : [section(understood, notThis(asked.questionId))]),
    ...(answer.firstOnly ? [context(firstOnlyText)] : []),
    ...(answer.alsoCalled === undefined ? [] : [context(escapeMrkdwn(answer.alsoCalled))]),
    ...(answer.unspoken === undefined ? [] : [context(escapeMrkdwn(answer.unspoken))]),
    ...(pending === '' ? [] : [section(`:memo: ${escapeMrkdwn(pending)}`)]),
    ...answerBlocks(services, asked),
    ...(asked.ownerGone === null ? [] : [context(escapeMrkdwn(asked.ownerGone))]),
    ...(asked.value === null ? [] : valueBlocks(asked.value, answer, caller.now)),
  ];
  // An ask-back and what is not open to everyone are for the asker alone; a place set as its audience may see them too.
  // A number was read with the asker's rights: others who read along may not have them.
  const forPlace = answer.outcome !== 'ambiguous' && openToAll && !asked.value?.shown;
  const forReaders = answer.outcome !== 'ambiguous' && openToPlace;
  // A number is said where the audience is set, and nowhere else before others.
  const audience = audienceOf(services, caller);
  const numberAloud =
    asked.value?.shown === true && !audience.some((team) => caller.person.teams.includes(team));
  const value = asked.value === null ? '' : valueInWords(asked.value, answer.question, caller.now);
  return {
    text: [
      understood,
      asked.phrased === null ? '' : `${asked.phrased} (AI phrased)`,
      value,
      answer.text,
      pending,
      asked.ownerGone ?? '',
    ]
      .filter((part) => part !== '')
      .join(' '),
    blocks,
    streamBlocks: streamBlocks(blocks, asked),
    visibility: forPlace || (forReaders && !numberAloud) || isAlone(caller) ? 'place' : 'asker',
    shareable: forPlace && answer.outcome === 'answered',
  };
}

/** A question that only a model could place is one that nobody placed, as soon as its asker says so. */
function notThis(questionId: string): Button {
  return button({
    text: 'Not this, ask for me',
    actionId: 'answer:ask',
    value: questionId,
    label: 'This is not what I meant: ask the data team for me, and tell me when it is defined',
  });
}

/**
 * What the card adds under words that already stand there: fields, source, buttons, and Slack's own thumbs in place of ours. Where the blocks
 * are the answer (a choice, a list), they stay as they are.
 */
function streamBlocks(blocks: KnownBlock[], { answer, phrased }: SmoothAsked): KnownBlock[] {
  const { subject } = answer;
  if (answer.outcome !== 'answered' || answer.level !== 'open' || !subject || !answer.verdict) return blocks;
  const kept = blocks
    .filter(
      (block) => block.type !== 'section' || block.fields !== undefined || block.accessory !== undefined,
    )
    .map(blockWithoutThumbs);
  return [...(phrased === null ? kept : kept.slice(1)), ...feedback(phrased, subject)];
}

const thumbs = new Set(['answer:helpful', 'answer:unhelpful']);

function blockWithoutThumbs(block: KnownBlock): KnownBlock {
  if (block.type === 'actions') return { ...block, elements: block.elements.flatMap(withoutThumbs) };
  if (block.type !== 'section' || block.accessory?.type !== 'overflow') return block;
  const { accessory, ...bare } = block;
  const options = accessory.options.filter(({ value }) => !thumbs.has(value?.split('|')[0] ?? ''));
  return options.length === 0 ? bare : { ...bare, accessory: { ...accessory, options } };
}

function withoutThumbs(element: ActionsBlockElement): ActionsBlockElement[] {
  if (element.type === 'overflow') {
    const options = element.options.filter(({ value }) => !thumbs.has(value?.split('|')[0] ?? ''));
    return options.length === 0 ? [] : [{ ...element, options }];
  }
  return thumbs.has(element.action_id ?? '') ? [] : [element];
}

function feedback(phrased: string | null, subject: Asset): KnownBlock[] {
  return [
    {
      type: 'context_actions',
      elements: [
        {
          type: 'feedback_buttons',
          action_id: 'answer:feedback',
          positive_button: {
            text: { type: 'plain_text', text: 'Helpful' },
            accessibility_label: 'This answer was helpful',
            value: `helpful|${subject.id}`,
          },
          negative_button: {
            text: { type: 'plain_text', text: 'Not helpful' },
            accessibility_label: 'This answer was not helpful',
            value: `unhelpful|${subject.id}`,
          },
        },
      ],
    },
    ...(phrased === null
      ? []
      : [
          context(
            'The words up to "AI phrased" are a model\'s; the rest is from the record, which is what counts.',
          ),
        ]),
  ];
}

/** Nobody reads along in a direct message. */
function isAlone({ channel }: Caller): boolean {
  return !channel || channel.kind === 'im';
}

/** Teams that steward.yml says read the channel of a question; none for others. */
export function audienceOf(services: Services, { channel }: Caller): readonly string[] {
  return services.config.slack.audiences.find((entry) => entry.channel === channel?.id)?.teams ?? [];
}

/** Teams whose own channel a question is asked in: of things that fit alike, theirs is meant. */
export function teamsOfPlace(services: Services, { channel }: Caller): readonly string[] {
  if (!channel) return [];
  return services.config.teams.filter((team) => team.channel === channel.id).map(({ id }) => id);
}

export function answerBlocks(services: Services, { answer, questionId, phrased }: SmoothAsked): KnownBlock[] {
  if (answer.outcome === 'ambiguous') return askBackBlocks(answer, questionId);
  if (answer.outcome === 'unknown' || !answer.subject) return unknownBlocks(answer, questionId);
  if (answer.level !== 'open') return requestableBlocks(answer, answer.subject);
  if (answer.intent === 'define' || answer.intent === 'trust' || answer.intent === 'value')
    return [...phrasedBlocks(phrased), ...cardBlocks(services, answer, answer.subject)];
  return wordsBlocks(answer, answer.subject);
}

/** The model's words stand above the card, and say what they are. */
function phrasedBlocks(phrased: string | null): KnownBlock[] {
  if (phrased === null) return [];
  return [
    section(escapeMrkdwn(phrased)),
    context('AI phrased from the record below; the record is what counts.'),
  ];
}

function heading(asset: Asset): string {
  const name = asset.label ?? asset.name;
  const marks = [asset.certified ? 'certified' : '', asset.status === 'active' ? '' : asset.status]
    .filter(Boolean)
    .join(', ');
  const title = asset.url ? link(asset.url, name) : escapeMrkdwn(name);
  return `*${title}*  ${kindWord[asset.kind]}${asset.label && asset.label !== asset.name ? ` \`${asset.name.replaceAll('`', '')}\`` : ''}${marks ? ` (${marks})` : ''}`;
}

function verdictBlock(verdict: Verdict): KnownBlock {
  const use = verdict.use === 'general' ? '' : ` for ${verdict.use}`;
  const atLeast = verdict.sinceAtLeast ? ' at least' : '';
  const then = verdict.sinceThen === undefined ? '' : ` (${escapeMrkdwn(truncate(verdict.sinceThen, 200))})`;
  const since = verdict.since ? `${atLeast} since ${slackDate(new Date(verdict.since))}${then}` : ' today';
  const shown = verdict.reasons.length > 0 ? verdict.reasons.slice(0, 3) : verdict.support.slice(0, 2);
  const lines = shown.map((reason) => `• ${escapeWithTimes(truncate(reason.text, 300))}`);
  const instead = verdict.useInstead
    ? `\n:arrow_right: Use instead: *${escapeMrkdwn(verdict.useInstead)}*`
    : '';
  return section(
    `${verdictMark[verdict.verdict]}${use}${since}${lines.length > 0 ? `\n${lines.join('\n')}` : ''}${instead}`,
  );
}

function cardBlocks(services: Services, answer: Answer, asset: Asset): KnownBlock[] {
  const of = (field: string): Fact | undefined => answer.facts.find((fact) => fact.field === field);
  const menus = cardMenus(asset, answer);
  const blocks: KnownBlock[] = [section(heading(asset), menus.look)];
  if (answer.verdict) blocks.push(verdictBlock(answer.verdict));
  blocks.push(section(escapeMrkdwn(of('definition')?.value ?? 'It has no description yet.')));
  const formula = of('formula');
  if (formula) {
    const spoken = of('formulaInWords');
    blocks.push(
      section(
        `*Formula* \`${escapeMrkdwn(formula.value.replaceAll('`', "'"))}\`${spoken ? `\n${escapeMrkdwn(spoken.value)}` : ''}`,
      ),
    );
  }
  const caveats = of('caveats');
  if (caveats) blocks.push(section(`:warning: *Mind* ${escapeMrkdwn(caveats.value)}`));
  const disputed = of('disputed');
  if (disputed)
    blocks.push(section(`:warning: *${disputed.label}* ${escapeMrkdwn(truncate(disputed.value, 600))}`));
  const short = shortFields.flatMap((field) => of(field) ?? []);
  if (short.length > 0)
    blocks.push(
      fields(
        short.map((fact) => `*${escapeMrkdwn(fact.label)}*\n${escapeMrkdwn(truncate(fact.value, 300))}`),
      ),
    );
  if (answer.numberIn) blocks.push(...numberInBlocks(answer.numberIn));
  blocks.push(context(sourceLine(services, asset, of('definition') ?? answer.facts[0])));
  blocks.push(menus.act);
  return blocks;
}

/** Where it was read, said under every card. */
function sourceLine(services: Services, asset: Asset, fact: Fact | undefined): string {
  const place = fact?.source ?? asset.provenance['*'];
  const file = place?.file ? `${place.file}${place.line ? `:${place.line}` : ''}` : asset.sourceId;
  const revision = place?.revision === undefined ? '' : `, at ${escapeMrkdwn(place.revision.slice(0, 12))}`;
  const read = services.catalog.current().syncedAt;
  return `Source: ${escapeMrkdwn(asset.source)}, ${place?.url ? link(place.url, file) : escapeMrkdwn(truncate(file, 160))}${revision}${read ? `, read ${slackDate(read)}` : ''}`;
}

function wordsBlocks(answer: Answer, asset: Asset): KnownBlock[] {
  const blocks: KnownBlock[] = [section(heading(asset))];
  if (answer.events) blocks.push(...eventBlocks(answer));
  else if (answer.history) blocks.push(...historyBlocks(answer.history));
  else blocks.push(section(escapeMrkdwn(truncate(answer.text, 2900))));
  if (answer.items && answer.items.length > 0) {
    blocks.push(
      section(
        answer.items
          .slice(0, 25)
          .map(
            ({ asset: item, note }) =>
              `• ${escapeMrkdwn(item.label ?? item.name)} (${kindWord[item.kind]})${note ? `: ${escapeMrkdwn(truncate(note, 160))}` : ''}`,
          )
          .join('\n'),
      ),
    );
  }
  blocks.push(actions([{ text: 'What does it mean?', actionId: 'answer:define', value: asset.id }]));
  return blocks;
}

function requestableBlocks(answer: Answer, asset: Asset): KnownBlock[] {
  return [
    section(escapeMrkdwn(truncate(answer.text, 2900))),
    actions([
      { text: 'Request access', actionId: 'answer:access', value: asset.id, style: 'primary' },
      { text: 'Ask the owner', actionId: 'answer:ask-owner', value: asset.id },
    ]),
  ];
}

function askBackBlocks(answer: Answer, questionId: string): KnownBlock[] {
  const only = answer.offers.length === 1;
  // A pick makes the words of the question a proposed name; a slip, two names at once or two questions are none.
  const isName = answer.offeredAs === undefined && answer.firstOnly === undefined;
  const blocks: KnownBlock[] = [
    section(
      only ? `*${noSuchThing(answer.offeredAs)} Do you mean this?*` : `*${whichOne(answer.offeredAs)}*`,
    ),
  ];
  for (const offer of answer.offers) {
    blocks.push(
      section(
        `*${escapeMrkdwn(offer.asset.label ?? offer.asset.name)}* ${kindWord[offer.asset.kind]}\n${escapeMrkdwn(truncate(offer.tellsApart || offer.asset.description, 240))}`,
        {
          type: 'button',
          text: { type: 'plain_text', text: 'This one' },
          accessibility_label: truncate(`This one: ${offer.asset.label ?? offer.asset.name}`, 75),
          action_id: 'answer:pick',
          value: pickValue(offer.asset, answer, questionId, isName),
        },
      ),
    );
  }
  blocks.push(
    actions([
      {
        text: only ? 'No, ask for me' : 'None of these, ask for me',
        actionId: 'answer:ask',
        value: questionId,
        label: 'None of these: ask the data team for me, and tell me when it is defined',
      },
    ]),
  );
  return blocks;
}

/** What is meant, what is asked of it, and in which words; the last part says that these are no name for it. */
function pickValue(asset: Asset, { intent }: Answer, questionId: string, isName: boolean): string {
  return `${asset.id}|${intent}|${questionId}${isName ? '' : '|no-name'}`;
}

function unknownBlocks(answer: Answer, questionId: string): KnownBlock[] {
  const blocks: KnownBlock[] = [section(escapeMrkdwn(truncate(answer.text, 2900)))];
  if (answer.items && answer.items.length > 0) {
    blocks.push(
      divider,
      section(
        answer.items
          .slice(0, 25)
          .map(
            ({ asset, note }) =>
              `• ${escapeMrkdwn(asset.label ?? asset.name)} (${kindWord[asset.kind]})${note ? `: ${escapeMrkdwn(truncate(note, 160))}` : ''}`,
          )
          .join('\n'),
      ),
    );
  }
  if (answer.outcome !== 'unknown') return blocks;
  // Two buttons of one block need two action ids; the family `answer:pick:*` takes all.
  blocks.push(
    actions([
      {
        text: 'Ask for me',
        actionId: 'answer:ask',
        value: questionId,
        style: 'primary',
        label: 'Ask the data team for me, and tell me when it is defined',
      },
      ...answer.assets.slice(0, 2).map(({ asset }, index) => ({
        text: truncate(asset.label ?? asset.name, 40),
        actionId: `answer:pick:${index}`,
        value: pickValue(asset, answer, questionId, answer.firstOnly === undefined),
      })),
      // Last, so that it is what goes into the overflow: its value is the shortest.
      {
        text: 'Request something new',
        actionId: 'answer:wish',
        value: questionId,
        label: 'Request a new metric, dataset or source of data',
      },
    ]),
  );
  return blocks;
}
