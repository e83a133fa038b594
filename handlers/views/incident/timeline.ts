import type { KnownBlock } from '@slack/types';
import type { Incident } from '../../../src/incidents/incident.js';
import { referenceOf, rolesIn } from '../../../src/incidents/incident.js';
import { keyTimeOf, keyTimes } from '../../../src/incidents/key-times.js';
import { wholeTimeline } from '../../../src/incidents/timeline.js';
import { originalOf } from '../../../src/incidents/timeline-edit.js';
import type { Services } from '../../../src/services.js';
import { actions, button, context, plain, section } from '../../../src/slack/blocks.js';
import { readableLines } from '../../../src/slack/cards/incident-hidden.js';
import { escapeMrkdwn, slackDate, truncate } from '../../../src/slack/mrkdwn.js';
import type { Caller, HandlerResult, ViewHandler } from '../../../src/slack/surface.js';
import { incidentOf } from './form.js';

const perPage = 30;

type Entry = Awaited<ReturnType<ReturnType<typeof wholeTimeline>['execute']>>[number];

/** The whole timeline, what was taken out of it too, each entry with its form; the newest page first. */
export const timelineView: ViewHandler = {
  callbackId: 'incident:timeline',
  build: async (services, caller, params) => {
    const incident = await incidentOf(services, caller, params.incident ?? '');
    const entries = (await wholeTimeline(services, incident.id).execute()).filter(
      readableLines(services, incident),
    );
    const pages = Math.max(1, Math.ceil(entries.length / perPage));
    const asked = Number.parseInt(params.page ?? '', 10);
    const page = Math.min(pages, Math.max(1, Number.isNaN(asked) ? pages : asked));
    const from = (page - 1) * perPage;
    const mayEdit = await mayWrite(services, caller, incident);
    return {
      type: 'modal',
      callback_id: 'incident:timeline',
      title: plain(`${referenceOf(incident)}: timeline`, 24),
      close: plain('Done', 24),
      private_metadata: '',
      blocks: [
        section(
          `${escapeMrkdwn(truncate(incident.title, 200))}\nThe review follows what you change here; what an entry said first is kept with it.`,
        ),
        context(keyTimes.map((name) => `*${name}* ${keyTimeWords(incident, name)}`).join(' · ')),
        ...(mayEdit
          ? [
              actions([
                { text: 'Add an entry', actionId: 'incident:timeline-add', value: incident.id },
                { text: 'Key times', actionId: 'incident:key-times', value: incident.id },
              ]),
            ]
          : [context('Members of the incident and those who run incidents can change it.')]),
        ...entries
          .slice(from, from + perPage)
          .map((entry, index) => row(incident, entry, from + index + 1, mayEdit)),
        ...turning(incident, page, pages),
      ],
    };
  },
  validate: async () => null,
  submit: async () => ({}),
};

function keyTimeWords(incident: Incident, name: (typeof keyTimes)[number]): string {
  const at = keyTimeOf(incident, name);
  return at === null ? 'not known' : slackDate(at);
}

function row(incident: Incident, entry: Entry, number: number, mayEdit: boolean): KnownBlock {
  const first = originalOf(entry.data);
  const marks = [entry.kind, ...(first === null ? [] : ['changed']), ...(entry.hidden ? ['left out'] : [])];
  const words = escapeMrkdwn(truncate(entry.text.replaceAll(/\s+/g, ' '), 300));
  return section(
    `${number}. ${slackDate(entry.at)} ${entry.hidden ? `~${words.replaceAll('~', '-')}~` : words} _(${marks.join(', ')})_`,
    mayEdit
      ? button({
          text: 'Edit',
          actionId: 'incident:timeline-entry',
          value: `${incident.id}|${entry.id}`,
          label: `Edit entry ${number}`,
        })
      : undefined,
  );
}

function turning(incident: Incident, page: number, pages: number): KnownBlock[] {
  if (pages === 1) return [];
  return [
    context(`Page ${page} of ${pages}`),
    actions([
      ...(page > 1
        ? [{ text: 'Earlier', actionId: 'incident:timeline-earlier', value: `${incident.id}|${page - 1}` }]
        : []),
      ...(page < pages
        ? [{ text: 'Later', actionId: 'incident:timeline-later', value: `${incident.id}|${page + 1}` }]
        : []),
    ]),
  ];
}

async function mayWrite(services: Services, caller: Caller, incident: Incident): Promise<boolean> {
  const roles = await rolesIn(services, services.db, incident, caller.actor, caller.now);
  return services.authority.can('incident.note', roles);
}

/** Said once something was changed: every form of a stack closes when one is sent, so the way back is a button. */
export function changedReply(incident: Incident, text: string): HandlerResult {
  return {
    reply: {
      text,
      blocks: [
        section(text),
        actions([
          { text: 'Back to the timeline', actionId: 'incident:timeline', value: incident.id },
          { text: 'Review', actionId: 'incident:review', value: incident.id },
        ]),
      ],
      visibility: 'asker',
    },
  };
}
