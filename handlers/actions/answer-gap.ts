import { askPeople } from '../../src/answers/learning/ask-people.js';
import { moveGap } from '../../src/answers/learning/gaps.js';
import type { Role } from '../../src/authority/authority.js';
import { NotFoundError } from '../../src/errors.js';
import type { Person } from '../../src/people/person.js';
import type { Services } from '../../src/services.js';
import type { ActionHandler, Reply } from '../../src/slack/surface.js';

/** What somebody is to the queue of open questions. */
export function gapRoles(services: Services, person: Person): ReadonlySet<Role> {
  const roles = new Set<Role>(['member']);
  if (person.isAdmin) roles.add('admin');
  if (services.config.authority.dataTeam.some((team) => person.teams.includes(team))) roles.add('data-team');
  return roles;
}

function told(people: readonly Person[]): Reply {
  const names = people.map((person) => person.name).join(', ');
  return {
    text:
      people.length === 0
        ? 'It is in the queue now, but there is nobody to ask: no owner and no data team is known. An administrator can name one in steward.yml.'
        : `I have asked ${names}. You hear from me when it is answered.`,
    visibility: 'asker',
  };
}

export const answerGapActions: readonly ActionHandler[] = [
  {
    actionId: 'answer:ask',
    mode: 'act',
    run: async (services, { caller, value }) => ({
      reply: told(
        await askPeople(services, {
          about: { questionId: value },
          actor: caller.actor,
          personId: caller.person.id,
          now: caller.now,
        }),
      ),
    }),
  },
  {
    actionId: 'answer:ask-owner',
    mode: 'act',
    run: async (services, { caller, value }) => {
      const asset = services.catalog.current().view.get(value);
      if (!asset) throw new NotFoundError('The catalog no longer has this. Nobody was asked.');
      return {
        reply: told(
          await askPeople(services, {
            about: { asset },
            actor: caller.actor,
            personId: caller.person.id,
            now: caller.now,
          }),
        ),
      };
    },
  },
  {
    actionId: 'gap:answer',
    mode: 'read',
    run: async (_services, { value }) => ({
      reply: {
        text: 'Say what answers it.',
        visibility: 'asker',
        modal: { callbackId: 'gap:close', params: { gap: value } },
      },
    }),
  },
  {
    actionId: 'gap:dismiss',
    mode: 'act',
    run: async (services, { caller, value }) => {
      services.authority.require('gap.move', gapRoles(services, caller.person));
      await moveGap(services.db, { id: value, to: 'dismissed', actor: caller.actor, now: caller.now });
      return { reply: { text: 'Taken out of the queue.', visibility: 'asker' } };
    },
  },
];
