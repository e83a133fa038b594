import { InvalidInputError } from '../../../src/errors.js';
import { brokenAssets } from '../../../src/incidents/blast/store.js';
import { referenceOf } from '../../../src/incidents/incident.js';
import { datasetWords, grantWords, suspendGrants } from '../../../src/incidents/suspend-grants.js';
import { plain, section } from '../../../src/slack/blocks.js';
import { escapeMrkdwn } from '../../../src/slack/mrkdwn.js';
import type { ViewHandler } from '../../../src/slack/surface.js';
import { incidentOf, metadataOf, modal, textInput, textOf } from './form.js';

/** Slack's most options of a list of checkboxes. */
const mostChoices = 10;

/** Which of the exposed datasets are shut, and why; says how many people it shuts out. */
export const suspendView: ViewHandler = {
  callbackId: 'incident:suspend',
  build: async (services, caller, params) => {
    const incident = await incidentOf(services, caller, params.incident ?? '');
    const exposed = (await services.db.transaction().execute((trx) => brokenAssets(trx, incident.id))).slice(
      0,
      mostChoices,
    );
    const counts = await services.suspension.liveGrants(services.db, exposed);
    const { view } = services.catalog.current();
    const options = exposed.map((id) => ({
      text: plain(`${view.get(id)?.name ?? 'gone from the catalog'} (${grantWords(counts.get(id) ?? 0)})`),
      value: id,
    }));
    if (options.length === 0)
      throw new InvalidInputError(
        `${referenceOf(incident)} names no dataset yet: \`/incident asset ${incident.number} <name>\` adds one. Nothing was suspended.`,
      );
    return modal(
      'incident:suspend',
      'Suspend grants',
      'Suspend',
      [
        section(
          `${escapeMrkdwn(`${referenceOf(incident)} ${incident.title}`)}\nEverybody whom Steward let in is shut out, and the warehouse is asked whether it is so. Their grants come back when security restores them. They are told that access is being looked into, and nothing more.`,
        ),
        {
          type: 'input',
          block_id: 'datasets',
          label: plain('Datasets'),
          element: { type: 'checkboxes', action_id: 'value', options, initial_options: options },
        },
        textInput('reason', 'Why?', {
          max: 300,
          hint: 'For the timeline and the audit; holders do not see it.',
        }),
      ],
      { incident: incident.id },
    );
  },
  validate: async () => null,
  submit: async (services, submission) => {
    const { incident: id = '' } = metadataOf(submission);
    const chosen = (submission.state.datasets?.value?.selected_options ?? []).map(({ value }) => value);
    if (chosen.length === 0) throw new InvalidInputError('Tick at least one dataset. Nothing was suspended.');
    const { incident, grants, datasets } = await suspendGrants(services, {
      incidentId: id,
      actor: submission.caller.actor,
      now: submission.caller.now,
      assetIds: chosen,
      reason: textOf(submission.state, 'reason'),
    });
    return {
      reply: {
        text: `${grantWords(grants)} on ${datasetWords(datasets)} ${grants === 1 ? 'is' : 'are'} being suspended for ${referenceOf(incident)}; its card says what the warehouse confirms.`,
        visibility: 'asker',
      },
    };
  },
};
