import { askQuestion } from '../src/answers/ask.js';
import { requireProposer } from '../src/definitions/propose.js';
import { answerReply } from '../src/slack/cards/answer.js';
import { deprecateFormId, proposeFormId } from '../src/slack/cards/definition-form.js';
import { escapeMrkdwn } from '../src/slack/mrkdwn.js';
import type { Verb } from '../src/slack/surface.js';

/** `/metric propose` and `/metric deprecate`: forms about what the words name. */
export function definitionVerbs(accepts: NonNullable<Verb['accepts']>): readonly Verb[] {
  return [
    formVerb(accepts, {
      name: 'propose',
      summary: 'another definition for it, as a form; the right people approve it',
      callbackId: proposeFormId,
    }),
    formVerb(accepts, {
      name: 'deprecate',
      summary: 'take it out of use: why, what takes its place, until when',
      callbackId: deprecateFormId,
    }),
  ];
}

/** When the words are not one thing that the person can read in full, the answer to them says so instead. */
function formVerb(
  accepts: NonNullable<Verb['accepts']>,
  { name, summary, callbackId }: { name: string; summary: string; callbackId: string },
): Verb {
  return {
    name,
    usage: `${name} <name>`,
    summary,
    mode: 'read',
    accepts,
    run: async (services, caller, rest) => {
      const asked = await askQuestion(services, {
        question: rest.trim().replace(/^["“](.+)["”]$/s, '$1'),
        intent: 'define',
        viewer: { id: caller.person.id, teams: caller.person.teams },
        now: caller.now,
      });
      const { outcome, subject, level } = asked.answer;
      if (outcome !== 'answered' || !subject || level !== 'open') return answerReply(services, caller, asked);
      requireProposer(services, caller.person);
      return {
        text: escapeMrkdwn(`The form for ${subject.label ?? subject.name}.`),
        visibility: 'asker',
        modal: { callbackId, params: { asset: subject.id } },
      };
    },
  };
}
