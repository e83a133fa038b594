import type { KnownBlock } from '@slack/types';
import type { Asset } from '../../../src/catalog/asset.js';
import type { CatalogView } from '../../../src/catalog/view.js';
import { mayKnowOf } from '../../../src/catalog/visibility.js';
import { declareIncident } from '../../../src/incidents/declare.js';
import { listIncidents, referenceOf } from '../../../src/incidents/incident.js';
import { meantBy } from '../../../src/incidents/known-assets.js';
import { earlierOn, openOnSameLineage } from '../../../src/incidents/related.js';
import { severityById } from '../../../src/incidents/severity.js';
import { actions, context, plain, section } from '../../../src/slack/blocks.js';
import { headline } from '../../../src/slack/cards/incident-parts.js';
import { earlierSection } from '../../../src/slack/cards/incident-replies.js';
import { escapeMrkdwn } from '../../../src/slack/mrkdwn.js';
import type { ViewHandler } from '../../../src/slack/surface.js';
import { metadataOf, modal, textInput, textOf } from './form.js';

const longestName = 5;

/** Assets that a title names outright: exactly one of that name that this person may know of, and a name that is no everyday word. */
function namedIn(view: CatalogView, title: string, known: (asset: Asset) => boolean): Asset[] {
  const words = title.split(/\s+/).filter(Boolean).slice(0, 30);
  const found: Asset[] = [];
  const used = new Set<number>();
  for (let length = Math.min(longestName, words.length); length >= 1; length -= 1) {
    for (let start = 0; start + length <= words.length; start += 1) {
      const span = Array.from({ length }, (_, step) => start + step);
      if (span.some((index) => used.has(index))) continue;
      const name = words
        .slice(start, start + length)
        .join(' ')
        .replaceAll(/[.,:;!?]+$/g, '');
      if (length === 1 && !/[_.]/.test(name)) continue;
      const only = meantBy(
        view.resolve(name, { kinds: ['model', 'source', 'metric', 'exposure'], where: known }),
      );
      if (only === undefined) continue;
      for (const index of span) used.add(index);
      if (!found.includes(only)) found.push(only);
    }
  }
  return found.slice(0, 5);
}

/** Ten seconds: everything is optional, what is open on the same data comes first. */
export const declareView: ViewHandler = {
  callbackId: 'incident:declare',
  build: async (services, caller, params) => {
    const known = (one: Asset): boolean => mayKnowOf(one, caller.person, services.config.catalog.visibility);
    const given = params.asset === undefined ? undefined : services.catalog.current().view.get(params.asset);
    const asset = given !== undefined && known(given) ? given : undefined;
    const named =
      asset === undefined ? namedIn(services.catalog.current().view, params.title ?? '', known) : [asset];
    const open =
      named.length === 0
        ? await listIncidents(services, caller.person, {
            states: ['investigating', 'identified', 'monitoring'],
            limit: 3,
          })
        : await openOnSameLineage(
            services,
            caller.person,
            named.map(({ id }) => id),
            3,
          );
    const earlier = await earlierOn(services, caller.person, { assetIds: named.map(({ id }) => id) });
    const related: KnownBlock[] =
      open.length === 0
        ? []
        : [
            context(
              named.length === 0
                ? 'Open now. Is it one of these? Then join it.'
                : 'Open on the same data. Is it this one? Then join it.',
            ),
            ...open.map((incident) =>
              section(headline(services, incident), {
                type: 'button' as const,
                text: plain('Join'),
                action_id: 'incident:join',
                value: incident.id,
              }),
            ),
          ];
    return modal(
      'incident:declare',
      'Declare an incident',
      'Declare',
      [
        ...related,
        ...earlierSection(earlier),
        textInput('title', 'What is wrong?', {
          hint: 'May stay empty: then it is named after the data.',
          ...(params.title ? { value: params.title } : {}),
        }),
        {
          type: 'input',
          block_id: 'assets',
          optional: true,
          label: plain('Which data?'),
          element: {
            type: 'multi_external_select',
            action_id: 'incident:asset-search',
            placeholder: plain('Search tables, metrics, dashboards'),
            min_query_length: 0,
            max_selected_items: 10,
            ...(named.length === 0
              ? {}
              : {
                  initial_options: named.map((one) => ({
                    text: plain(one.label ?? one.name),
                    value: one.id,
                  })),
                }),
          },
        },
        {
          type: 'input',
          block_id: 'severity',
          optional: true,
          label: plain('Severity'),
          hint: plain('May stay empty: suggested from what it reaches.', 2000),
          element: {
            type: 'static_select',
            action_id: 'value',
            options: services.config.incidents.severities.map(({ id, name, description }) => ({
              text: plain(name),
              value: id,
              ...(description ? { description: plain(description) } : {}),
            })),
          },
        },
        {
          type: 'input',
          block_id: 'flags',
          optional: true,
          label: plain('More'),
          element: {
            type: 'checkboxes',
            action_id: 'value',
            options: [
              { text: plain('Private: members only'), value: 'private' },
              { text: plain('Data exposure: private, security is invited'), value: 'exposure' },
              { text: plain('Drill: only practice'), value: 'drill' },
            ],
          },
        },
      ],
      {
        channel: params.channel ?? '',
        evidence: params.evidence ?? '',
        link: params.link ?? '',
        key: params.key ?? '',
        files: params.files ?? '',
      },
    );
  },
  validate: async () => null,
  submit: async (services, submission) => {
    const { state, caller } = submission;
    const meta = metadataOf(submission);
    const flags = (state.flags?.value?.selected_options ?? []).map(({ value }) => value);
    const severity = state.severity?.value?.selected_option?.value;
    const title = textOf(state, 'title');
    const incident = await declareIncident(services, {
      actor: caller.actor,
      now: caller.now,
      title,
      assetIds: (state.assets?.['incident:asset-search']?.selected_options ?? []).map(({ value }) => value),
      private: flags.includes('private'),
      drill: flags.includes('drill'),
      kind: flags.includes('exposure') ? 'data_exposure' : 'incident',
      via: meta.key ? 'message' : 'command',
      deliveryKey: `view:${submission.viewId}`,
      ...(severity ? { severity } : {}),
      ...(meta.evidence || meta.link
        ? {
            evidence: {
              text: meta.evidence ?? '',
              ...(meta.link ? { link: meta.link } : {}),
              ...(meta.key ? { sourceKey: meta.key } : {}),
              files: (meta.files ?? '').split(' ').filter(Boolean),
            },
          }
        : {}),
    });
    const text = `${referenceOf(incident)} is declared: ${escapeMrkdwn(incident.title)}. Its severity is ${escapeMrkdwn(severityById(services.config, incident.severity).name)}${incident.channel_state === 'none' ? '' : '; its channel is being made'}.`;
    return {
      reply: {
        text,
        blocks: [
          section(text),
          actions([
            { text: 'Show', actionId: 'incident:show', value: incident.id },
            { text: 'Take the lead', actionId: 'incident:claim', value: `${incident.id}|lead` },
            { text: 'Post an update', actionId: 'incident:update', value: incident.id },
          ]),
        ],
        visibility: 'asker',
      },
    };
  },
};
