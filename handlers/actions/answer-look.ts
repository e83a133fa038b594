import type { Asset } from '../../src/catalog/asset.js';
import { mayRead } from '../../src/catalog/visibility.js';
import { NotFoundError } from '../../src/errors.js';
import { postCard } from '../../src/jobs/outgoing.js';
import type { Services } from '../../src/services.js';
import { section } from '../../src/slack/blocks.js';
import { escapeMrkdwn } from '../../src/slack/mrkdwn.js';
import type { ActionHandler, ButtonPress } from '../../src/slack/surface.js';

/** Longest query that one section of Slack holds, in characters, with room for its fence and escapes. */
const queryCharacters = 2_400;

/** The asset of a button, read in full; what may not be read is answered like what is not there. */
function openAsset(services: Services, { value, caller }: ButtonPress): Asset {
  const asset = services.catalog.current().view.get(value);
  const viewer = { id: caller.person.id, teams: caller.person.teams };
  if (!asset || !mayRead(asset, viewer, services.config.catalog.visibility))
    throw new NotFoundError(
      'The catalog has nothing here that you may read. Ask again to see what is there now.',
    );
  return asset;
}

/** Entries of a card's menu that look closer: both answer the person who pressed, and nobody else. */
export const answerLookActions: readonly ActionHandler[] = [
  {
    actionId: 'answer:picture',
    mode: 'act',
    run: async (services, press) => {
      const asset = openAsset(services, press);
      const { person, now, deliveryKey } = press.caller;
      await services.db.transaction().execute((trx) =>
        postCard(trx, {
          key: `lineage-picture:${deliveryKey}`,
          to: { personId: person.id },
          card: { kind: 'lineage-picture', id: `${asset.id}|${person.id}`, variant: 'asker' },
          now,
        }),
      );
      return {
        reply: {
          text: `I send you the lineage of ${escapeMrkdwn(asset.label ?? asset.name)} as a direct message, in words and as a picture.`,
          visibility: 'asker',
        },
      };
    },
  },
  {
    actionId: 'answer:query',
    mode: 'read',
    run: async (services, press) => {
      const asset = openAsset(services, press);
      const name = escapeMrkdwn(asset.label ?? asset.name);
      const query = asset.exampleQuery ?? asset.formula?.compiledQuery;
      if (query === undefined)
        return { reply: { text: `The catalog holds no example query for ${name}.`, visibility: 'asker' } };
      const cut =
        query.length > queryCharacters ? ' Only its beginning is shown; the source has all of it.' : '';
      const text = `Example query of ${name}, to copy:${cut}`;
      const code = escapeMrkdwn(query.slice(0, queryCharacters).replaceAll('```', "'''"));
      return {
        reply: {
          text: `${text}\n\`\`\`${code}\`\`\``,
          blocks: [section(text), section(`\`\`\`\n${code}\n\`\`\``)],
          visibility: 'asker',
        },
      };
    },
  },
];
