import { askPeople } from '../../src/answers/learning/ask-people.js';
import { decideName, dismissGap } from '../../src/answers/learning/decide-gap.js';
import { mayKnowOf } from '../../src/catalog/visibility.js';
import { NotFoundError } from '../../src/errors.js';
import type { Person } from '../../src/people/person.js';
import type { Services } from '../../src/services.js';
import type { ActionHandler, ButtonPress, HandlerResult } from '../../src/slack/surface.js';
import { said } from '../said.js';

/** Whom a question went to, for whoever asked. */
export function askedWords(people: readonly Person[]): string {
  const names = people.map((person) => person.name).join(', ');
  return people.length === 0
    ? 'It is in the queue now, but there is nobody to ask: no owner and no data team is known. An administrator can name one in steward.yml.'
    : `I have asked ${names}. You hear from me when it is answered.`;
}

/** A press that opens a form. */
function opens(actionId: string, callbackId: string, parameter: string, text: string): ActionHandler {
  return {
    actionId,
    mode: 'read',
    run: async (_services, { value }) => ({
      reply: { text, visibility: 'asker', modal: { callbackId, params: { [parameter]: value } } },
    }),
  };
}

function decidesName(actionId: string, accept: boolean, text: string): ActionHandler {
  return {
    actionId,
    mode: 'act',
    run: async (services, { caller, value }) => {
      await decideName(services, { ...caller, aliasId: value, accept });
      return { reply: said(text) };
    },
  };
}

async function askOwner(services: Services, { caller, value }: ButtonPress): Promise<HandlerResult> {
  const asset = services.catalog.current().view.get(value);
  if (!asset || !mayKnowOf(asset, caller.person, services.config.catalog.visibility))
    throw new NotFoundError('The catalog no longer has this. Nobody was asked.');
  const people = await askPeople(services, {
    about: { asset },
    actor: caller.actor,
    personId: caller.person.id,
    now: caller.now,
  });
  return { reply: said(askedWords(people)) };
}

export const answerGapActions: readonly ActionHandler[] = [
  {
    actionId: 'answer:ask',
    mode: 'act',
    run: async (services, { caller, value }) => {
      const people = await askPeople(services, {
        about: { questionId: value },
        actor: caller.actor,
        personId: caller.person.id,
        now: caller.now,
      });
      return { reply: said(askedWords(people)) };
    },
  },
  { actionId: 'answer:ask-owner', mode: 'act', run: askOwner },
  opens('answer:wish', 'gap:wish', 'question', 'Ask for something new.'),
  opens('gap:answer', 'gap:close', 'gap', 'Say what answers it.'),
  opens('gap:plan', 'gap:plan', 'gap', 'Say who does it, and until when.'),
  {
    actionId: 'gap:dismiss',
    mode: 'act',
    run: async (services, { caller, value }) => {
      await dismissGap(services, { ...caller, gapId: value });
      return { reply: said('Taken out of the queue.') };
    },
  },
  decidesName('alias:accept', true, 'Accepted: these words lead to it from now on.'),
  decidesName('alias:reject', false, 'Rejected: these words do not become a name of it.'),
];
