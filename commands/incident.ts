import { incidentByNumber, readNumber } from '../src/incidents/incident.js';
import { actions, section } from '../src/slack/blocks.js';
import { showReply } from '../src/slack/cards/incident-replies.js';
import { escapeMrkdwn } from '../src/slack/mrkdwn.js';
import { plainWords } from '../src/slack/plain-words.js';
import type { CommandModule, Verb } from '../src/slack/surface.js';
import { allVerbs } from './incident/all.js';
import { followVerbs } from './incident/follow.js';
import { lifeVerbs } from './incident/life.js';
import { muteVerb } from './incident/mute.js';
import { workVerbs } from './incident/work.js';

/** People that are only mentioned are read by their names. */
function inPlainWords(verb: Verb): Verb {
  if (verb.aboutPeople) return verb;
  return {
    ...verb,
    run: async (services, caller, words) => verb.run(services, caller, await plainWords(services, words)),
  };
}

/** `/incident`: declare, run and learn from data incidents. */
export const incident: CommandModule = {
  name: 'incident',
  summary: 'Declare a data incident in seconds, see what it reaches, run it, and keep what was learned.',
  usageHint: 'declare [title] | list | show <n> | ack | update | resolve | help',
  namesPeople: true,
  verbs: [...allVerbs, ...followVerbs, ...lifeVerbs, ...workVerbs, muteVerb].map(inPlainWords),
  otherwise: {
    mode: 'read',
    run: async (services, caller, rest) => {
      const number = readNumber(rest);
      if (number !== null)
        return showReply(services, caller, await incidentByNumber(services, caller.person, number));
      const word = escapeMrkdwn(rest.split(/\s+/)[0]?.slice(0, 40) ?? '');
      const text = `\`${word}\` is nothing I know here; nothing was changed. \`/incident help\` lists the words; to declare an incident with that title press the button.`;
      return {
        text,
        blocks: [
          section(text),
          actions([{ text: 'Declare an incident', actionId: 'incident:declare', value: 'new' }]),
        ],
        visibility: 'asker',
      };
    },
  },
  phrases: [
    {
      pattern:
        /^(?:declare|open|start|raise|report)\s+(?:an?\s+|new\s+)*incident\b[\s:,-]*(?<rest>[\s\S]*)$/i,
      verb: 'declare',
    },
    {
      pattern: /^(?:what(?:'s| is| are)?\s+)?(?:the\s+)?(?:open|current|active)\s+incidents\??$/i,
      verb: 'list',
    },
  ],
};
