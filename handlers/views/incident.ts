import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import type { Asset } from '../../src/catalog/asset.js';
import type { CatalogView } from '../../src/catalog/view.js';
import { InvalidInputError } from '../../src/errors.js';
import { changeSeverity } from '../../src/incidents/change-severity.js';
import { declareIncident } from '../../src/incidents/declare.js';
import { NoIncidentError } from '../../src/incidents/errors.js';
import {
  canSee,
  type Incident,
  listIncidents,
  loadIncident,
  referenceOf,
} from '../../src/incidents/incident.js';
import { closeIncident, missingForClose, reopen } from '../../src/incidents/life.js';
import { openOnSameLineage } from '../../src/incidents/related.js';
import { draftUpdate, postUpdate } from '../../src/incidents/updates.js';
import type { Services } from '../../src/services.js';
import { actions, context, plain, section } from '../../src/slack/blocks.js';
import { headline } from '../../src/slack/cards/incident-parts.js';
import { escapeMrkdwn } from '../../src/slack/mrkdwn.js';
import type { Caller, Submission, ViewHandler, ViewState } from '../../src/slack/surface.js';

function textInput(
  blockId: string,
  label: string,
  options: { value?: string; multiline?: boolean; hint?: string; optional?: boolean; max?: number } = {},
): InputBlock {
  return {
    type: 'input',
    block_id: blockId,
    label: plain(label, 2000),
    optional: options.optional ?? true,
    ...(options.hint ? { hint: plain(options.hint, 2000) } : {}),
    element: {
      type: 'plain_text_input',
      action_id: 'value',
      multiline: options.multiline ?? false,
      max_length: options.max ?? (options.multiline ? 2_900 : 200),
      ...(options.value
        ? { initial_value: options.value.slice(0, options.max ?? (options.multiline ? 2_900 : 200)) }
        : {}),
    },
  };
}

function timeInput(blockId: string, label: string, value?: Date): InputBlock {
  return {
    type: 'input',
    block_id: blockId,
    label: plain(label, 2000),
    optional: true,
    element: {
      type: 'datetimepicker',
      action_id: 'value',
      ...(value ? { initial_date_time: Math.floor(value.getTime() / 1000) } : {}),
    },
  };
}

const textOf = (state: ViewState, block: string): string => state[block]?.value?.value ?? '';
const timeOf = (state: ViewState, block: string): Date | null => {
  const seconds = state[block]?.value?.selected_date_time;
  return typeof seconds === 'number' ? new Date(seconds * 1000) : null;
};

async function incidentOf(services: Services, caller: Caller, id: string): Promise<Incident> {
  const incident = /^[0-9a-f-]{36}$/.test(id) ? await loadIncident(services.db, id) : null;
  if (incident === null || !(await canSee(services, services.db, incident, caller.person)))
    throw new NoIncidentError();
  return incident;
}

function modal(
  callbackId: string,
  title: string,
  submit: string,
  blocks: KnownBlock[],
  metadata: Record<string, string>,
): ModalView {
  return {
    type: 'modal',
    callback_id: callbackId,
    title: plain(title, 24),
    submit: plain(submit, 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify(metadata).slice(0, 3_000),
    blocks,
  };
}

function metadataOf(submission: Submission): Record<string, string> {
  try {
    const parsed: unknown = JSON.parse(submission.privateMetadata);
    return typeof parsed === 'object' && parsed !== null
      ? Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, String(value)]))
      : {};
  } catch {
    return {};
  }
}

const longestName = 5;

/** Assets that a title names outright: exactly one asset of that name, and a name that is no everyday word. */
function namedIn(view: CatalogView, title: string): Asset[] {
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
      const [only, ...more] = view.resolve(name, { kinds: ['model', 'source', 'metric', 'exposure'] });
      if (only === undefined || more.length > 0) continue;
      for (const index of span) used.add(index);
      if (!found.includes(only)) found.push(only);
    }
  }
  return found.slice(0, 5);
}

/** Ten seconds: everything is optional, what is open on the same data comes first. */
const declareView: ViewHandler = {
  callbackId: 'incident:declare',
  build: async (services, caller, params) => {
    const asset = params.asset === undefined ? undefined : services.catalog.current().view.get(params.asset);
    const named =
      asset === undefined ? namedIn(services.catalog.current().view, params.title ?? '') : [asset];
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
    const text = `${referenceOf(incident)} is declared: ${escapeMrkdwn(incident.title)}. Its severity is ${incident.severity}${incident.channel_state === 'none' ? '' : '; its channel is being made'}.`;
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

const updateView: ViewHandler = {
  callbackId: 'incident:update',
  build: async (services, caller, params) => {
    const incident = await incidentOf(services, caller, params.incident ?? '');
    const draft = await draftUpdate(services, incident, caller.now);
    return modal(
      'incident:update',
      'Update',
      'Post',
      [
        context(
          `${escapeMrkdwn(`${referenceOf(incident)} ${incident.title}`)}. Written once; responders, consumers and executives each get their part.${incident.kind === 'data_exposure' ? ' Consumers hear it only when security or legal post it.' : ''}`,
        ),
        textInput('wrong', 'What is wrong?', {
          value: params.wrong ?? draft.wrong,
          multiline: true,
          optional: false,
        }),
        textInput('do_not_use', 'Do not use', { value: draft.doNotUse, multiline: true }),
        textInput('use_instead', 'Use instead', {
          value: draft.useInstead,
          hint: 'Shows on every affected answer.',
          max: 500,
        }),
        timeInput('eta', 'Expected to be right'),
        timeInput('next', 'Next update', draft.nextUpdateAt),
      ],
      { incident: incident.id },
    );
  },
  validate: async (_services, submission) => {
    if (textOf(submission.state, 'wrong').trim() === '')
      return { wrong: 'Say what is wrong, in words a consumer of the data understands.' };
    const next = timeOf(submission.state, 'next');
    return next !== null && next <= submission.caller.now
      ? { next: 'The next update lies in the past.' }
      : null;
  },
  submit: async (services, submission) => {
    const { incident: id = '' } = metadataOf(submission);
    const { state, caller } = submission;
    const incident = await postUpdate(services, {
      incidentId: id,
      actor: caller.actor,
      now: caller.now,
      wrong: textOf(state, 'wrong'),
      doNotUse: textOf(state, 'do_not_use'),
      useInstead: textOf(state, 'use_instead'),
      eta: timeOf(state, 'eta'),
      nextUpdateAt: timeOf(state, 'next'),
      deliveryKey: `view:${submission.viewId}`,
    });
    return {
      reply: {
        text: `The update of ${referenceOf(incident)} is out, to every audience in its own words.`,
        visibility: 'asker',
      },
    };
  },
};

const closeView: ViewHandler = {
  callbackId: 'incident:close',
  build: async (services, caller, params) => {
    const incident = await incidentOf(services, caller, params.incident ?? '');
    const missing = await services.db.transaction().execute((trx) => missingForClose(trx, incident));
    return modal(
      'incident:close',
      'Close the incident',
      'Close',
      [
        section(
          missing.length === 0
            ? `${referenceOf(incident)} has everything it needs.`
            : `*Still missing*\n${missing
                .map((one) => `• ${escapeMrkdwn(one)}`)
                .join('\n')
                .slice(0, 2_900)}`,
        ),
        textInput('cause', 'What was the cause?', {
          multiline: true,
          max: 500,
          ...(incident.cause === null ? {} : { value: incident.cause }),
        }),
        timeInput('started', 'Since when was the data wrong?', incident.started_at ?? undefined),
      ],
      { incident: incident.id },
    );
  },
  validate: async (_services, submission) => {
    const started = timeOf(submission.state, 'started');
    return started !== null && started > submission.caller.now
      ? { started: 'That lies in the future.' }
      : null;
  },
  submit: async (services, submission) => {
    const { incident: id = '' } = metadataOf(submission);
    const started = timeOf(submission.state, 'started');
    const closed = await closeIncident(services, {
      incidentId: id,
      actor: submission.caller.actor,
      now: submission.caller.now,
      cause: textOf(submission.state, 'cause'),
      ...(started === null ? {} : { startedAt: started }),
    });
    return {
      reply: {
        text: `${referenceOf(closed)} is closed. \`${services.config.slack.commands.incident} review ${closed.number}\` shows its review.`,
        visibility: 'asker',
      },
    };
  },
};

const reopenView: ViewHandler = {
  callbackId: 'incident:reopen',
  build: async (services, caller, params) => {
    const incident = await incidentOf(services, caller, params.incident ?? '');
    return modal(
      'incident:reopen',
      'Open it again',
      'Reopen',
      [
        section(escapeMrkdwn(`${referenceOf(incident)} ${incident.title}`)),
        textInput('reason', 'Why is it not over?', { optional: false, multiline: true, max: 500 }),
      ],
      { incident: incident.id },
    );
  },
  validate: async (_services, submission) =>
    textOf(submission.state, 'reason').trim().length < 5 ? { reason: 'Say in a few words why.' } : null,
  submit: async (services, submission) => {
    const { incident: id = '' } = metadataOf(submission);
    const opened = await reopen(services, {
      incidentId: id,
      actor: submission.caller.actor,
      now: submission.caller.now,
      reason: textOf(submission.state, 'reason'),
    });
    return { reply: { text: `${referenceOf(opened)} is open again.`, visibility: 'asker' } };
  },
};

const severityView: ViewHandler = {
  callbackId: 'incident:severity',
  build: async (services, caller, params) => {
    const incident = await incidentOf(services, caller, params.incident ?? '');
    const options = services.config.incidents.severities.map(({ id, name }) => ({
      text: plain(name),
      value: id,
    }));
    const initial = options.find(({ value }) => value === incident.severity);
    return modal(
      'incident:severity',
      'Severity',
      'Change',
      [
        section(
          `${escapeMrkdwn(`${referenceOf(incident)} ${incident.title}`)}\nA new severity plans people, pages and cadence anew.`,
        ),
        {
          type: 'input',
          block_id: 'severity',
          label: plain('Severity'),
          element: {
            type: 'static_select',
            action_id: 'value',
            options,
            ...(initial === undefined ? {} : { initial_option: initial }),
          },
        },
        textInput('reason', 'Why?', { max: 300 }),
      ],
      { incident: incident.id },
    );
  },
  validate: async () => null,
  submit: async (services, submission) => {
    const { incident: id = '' } = metadataOf(submission);
    const wanted = submission.state.severity?.value?.selected_option?.value;
    if (!wanted) throw new InvalidInputError('Choose a severity. Nothing was changed.');
    const changed = await changeSeverity(services, {
      incidentId: id,
      actor: submission.caller.actor,
      now: submission.caller.now,
      severity: wanted,
      reason: textOf(submission.state, 'reason'),
    });
    return { reply: { text: `${referenceOf(changed)} is now ${changed.severity}.`, visibility: 'asker' } };
  },
};

/** Every form of incidents. */
export const incidentViews: readonly ViewHandler[] = [
  declareView,
  updateView,
  closeView,
  reopenView,
  severityView,
];
