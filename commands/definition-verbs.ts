import { requireProposer } from '../src/definitions/propose.js';
import { askSmoothly } from '../src/llm/ask-smoothly.js';
import type { Services } from '../src/services.js';
import { deprecateFormId, proposeFormId } from '../src/slack/cards/definition-form.js';
import { escapeMrkdwn } from '../src/slack/mrkdwn.js';
import type { Caller, Reply, Verb } from '../src/slack/surface.js';

interface Needs {
  accepts: NonNullable<Verb['accepts']>;
  /** What to say when the words are not one thing that the person can read in full. */
  answer: (services: Services, caller: Caller, question: string) => Promise<Reply>;
}

/** `/metric propose` and `/metric deprecate`: forms about what the words name. */
export function definitionVerbs(needs: Needs): readonly Verb[] {
  return [
    formVerb(needs, {
      name: 'propose',
      summary: 'another definition for it, as a form; the right people approve it',
      callbackId: proposeFormId,
    }),
    formVerb(needs, {
      name: 'deprecate',
      summary: 'take it out of use: why, what takes its place, until when',
      callbackId: deprecateFormId,
    }),
  ];
}

function formVerb(
  { accepts, answer }: Needs,
  { name, summary, callbackId }: { name: string; summary: string; callbackId: string },
): Verb {
  return {
    name,
    usage: `${name} <name>`,
    summary,
    mode: 'read',
    accepts,
    run: async (services, caller, rest) => {
      const question = rest.trim().replace(/^["“](.+)["”]$/s, '$1');
      const asked = await askSmoothly(services, {
        personId: caller.person.id,
        surface: caller.surface,
        question,
        intent: 'define',
        viewer: { id: caller.person.id, teams: caller.person.teams },
        now: caller.now,
      });
      const { outcome, subject, level } = asked.answer;
      if (outcome !== 'answered' || !subject || level !== 'open') return answer(services, caller, question);
      requireProposer(services, caller.person);
      return {
        text: escapeMrkdwn(`The form for ${subject.label ?? subject.name}.`),
        visibility: 'asker',
        modal: { callbackId, params: { asset: subject.id } },
      };
    },
  };
}
