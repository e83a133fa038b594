import { aliasCardKind } from '../../answers/learning/aliases.js';
import { goldenCardKind } from '../../answers/learning/golden.js';
import { actions, context, section } from '../blocks.js';
import type { CardRenderer } from '../card.js';
import { escapeMrkdwn } from '../mrkdwn.js';

/** Asks an owner whether words that people use are a name of their metric. Decided, it says so. */
export const aliasCard: CardRenderer = {
  kind: aliasCardKind,
  async render(services, id) {
    const alias = await services.db.selectFrom('alias').selectAll().where('id', '=', id).executeTakeFirst();
    const asset = alias === undefined ? undefined : services.catalog.current().view.get(alias.asset_id);
    if (alias === undefined || asset === undefined) return null;
    const name = asset.label ?? asset.name;
    if (alias.state !== 'proposed') {
      const text = escapeMrkdwn(
        `"${alias.text}" is ${alias.state === 'accepted' ? 'now' : 'not'} a name of ${name}.`,
      );
      return { text, blocks: [section(text)] };
    }
    const times = alias.confirmations === 1 ? 'Somebody' : `${alias.confirmations} times people`;
    const text = escapeMrkdwn(`${times} said "${alias.text}" and meant ${name}. Is it a name of it?`);
    return {
      text,
      blocks: [
        section(text),
        actions([
          { text: 'Yes, a name of it', actionId: 'alias:accept', value: id, style: 'primary' },
          { text: 'No', actionId: 'alias:reject', value: id, label: `"${alias.text}" is no name of ${name}` },
        ]),
        context('You get this because you own it. An accepted name leads there at once.'),
      ],
    };
  },
};

/** Tells an owner that a question which was answered rightly is not any more. */
export const goldenDropCard: CardRenderer = {
  kind: goldenCardKind,
  async render(services, id) {
    const golden = await services.db
      .selectFrom('golden_question')
      .select(['question', 'asset_id', 'passed'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (golden === undefined || golden.passed !== false) return null;
    const asset = services.catalog.current().view.get(golden.asset_id);
    const wanted =
      asset === undefined ? 'what answered it is gone' : `it no longer leads to ${asset.label ?? asset.name}`;
    const text = escapeMrkdwn(
      `"${golden.question}" was answered rightly until the last read of the catalog; now ${wanted}.`,
    );
    return {
      text,
      blocks: [
        section(`:warning: ${text}`),
        ...(asset === undefined
          ? []
          : [actions([{ text: 'Show it', actionId: 'answer:define', value: asset.id }])]),
        context('A question that was closed once is asked again after every read of the catalog.'),
      ],
    };
  },
};
