import type { KnownBlock } from '@slack/types';
import { topicOf } from '../notices/topics.js';
import { actions, button } from './blocks.js';
import type { RenderedCard } from './card.js';

export const stopActionId = 'notice:stop';
export const resumeActionId = 'notice:resume';

/** "Stop these" under a notice: beside its own buttons where there is room (a card has three at most), else below. */
export function withStopButton(card: RenderedCard, topicId: string | null): RenderedCard {
  const topic = topicId === null ? null : topicOf(topicId);
  if (!topic) return card;
  const stop = {
    text: 'Stop these',
    actionId: stopActionId,
    value: topic.id,
    label: `Stop ${topic.title}`,
  };
  const last: KnownBlock | undefined = card.blocks.at(-1);
  if (last?.type === 'actions' && last.elements.length < 3) {
    const joined = { ...last, elements: [...last.elements, button(stop)] };
    return { ...card, blocks: [...card.blocks.slice(0, -1), joined] };
  }
  return { ...card, blocks: [...card.blocks, actions([stop])] };
}
