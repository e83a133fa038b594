import { InvalidInputError } from '../../src/errors.js';
import { changeSeverity, makePrivate } from '../../src/incidents/change-severity.js';
import { incidentByNumber, readNumber, referenceOf } from '../../src/incidents/incident.js';
import {
  acceptIncident,
  acknowledge,
  cancel,
  declineIncident,
  identify,
  mitigate,
  reopen,
  resolve,
} from '../../src/incidents/life.js';
import { mergeIncident } from '../../src/incidents/merge.js';
import { severityById } from '../../src/incidents/severity.js';
import {
  datasetWords,
  grantWords,
  restoreGrants,
  suspendGrants,
} from '../../src/incidents/suspend-grants.js';
import { escapeMrkdwn } from '../../src/slack/mrkdwn.js';
import type { Verb } from '../../src/slack/surface.js';
import { about, act, quietly, said, stateWords } from './about.js';

/** The life of an incident, from triage to its end. */
export const lifeVerbs: readonly Verb[] = [
  about(
    'accept',
    'accept <n>',
    'out of triage: it gets its channel, pages and notices',
    'act',
    async (services, caller, one) => said(stateWords(await acceptIncident(services, act(caller, one)))),
  ),
  about(
    'decline',
    'decline <n> [why]',
    'out of triage: no incident',
    'act',
    async (services, caller, one, rest) =>
      said(stateWords(await declineIncident(services, { ...act(caller, one), reason: rest }))),
  ),
  about('ack', 'ack <n>', 'you are on it', 'act', async (services, caller, one) =>
    said(
      `${referenceOf(await acknowledge(services, act(caller, one)))} acknowledged by ${escapeMrkdwn(caller.person.name)}.`,
    ),
  ),
  about(
    'severity',
    'severity <n> <severity> [why]',
    'plans people, pages and cadence anew',
    'act',
    async (services, caller, one, rest) => {
      const [word = '', ...why] = rest.split(/\s+/);
      if (word === '')
        throw new InvalidInputError(
          `${referenceOf(one)} is ${severityById(services.config, one.severity).name}. Name another: ${services.config.incidents.severities.map(({ id }) => id).join(', ')}.`,
        );
      const changed = await changeSeverity(services, {
        ...act(caller, one),
        severity: word,
        reason: why.join(' '),
      });
      return said(`${referenceOf(changed)} is now ${severityById(services.config, changed.severity).name}.`);
    },
    true,
  ),
  about(
    'identify',
    'identify <n> [cause]',
    'the cause is known',
    'act',
    async (services, caller, one, rest) =>
      said(stateWords(await identify(services, { ...act(caller, one), cause: rest }))),
  ),
  about(
    'mitigate',
    'mitigate <n> [what fixed it]',
    'the fix is out; watched until the data stays healthy',
    'act',
    async (services, caller, one, rest) =>
      said(stateWords(await mitigate(services, { ...act(caller, one), fixedBy: rest }))),
  ),
  about(
    'resolve',
    'resolve <n> [what fixed it]',
    'it is over; the banners go',
    'act',
    async (services, caller, one, rest) =>
      said(stateWords(await resolve(services, { ...act(caller, one), fixedBy: rest }))),
  ),
  about('reopen', 'reopen <n> <why>', 'it is not over', 'act', async (services, caller, one, rest) =>
    said(stateWords(await reopen(services, { ...act(caller, one), reason: rest }))),
  ),
  about(
    'close',
    'close <n>',
    'asks for what is still missing, then closes',
    'read',
    async (_services, _caller, one) => ({
      text: `The form for closing ${referenceOf(one)}.`,
      modal: { callbackId: 'incident:close', params: { incident: one.id } },
      visibility: 'asker',
    }),
  ),
  about('cancel', 'cancel <n> [why]', 'no incident after all', 'act', async (services, caller, one, rest) =>
    said(stateWords(await cancel(services, { ...act(caller, one), reason: rest }))),
  ),
  about(
    'merge',
    'merge <n> into <m>',
    'two incidents, one cause',
    'act',
    async (services, caller, one, rest) => {
      const into = readNumber(rest.replace(/^into\s+/i, ''));
      if (into === null)
        throw new InvalidInputError(`Into which one? \`merge ${one.number} into 12\`. Nothing was changed.`);
      const other = await incidentByNumber(services, caller.person, into);
      await mergeIncident(services, { ...act(caller, one), intoId: other.id });
      return quietly(
        caller,
        other,
        said(
          `${referenceOf(one)} went into ${referenceOf(other)}: its alerts, assets and people are there now.`,
        ),
      );
    },
  ),
  about(
    'suspend',
    'suspend <n> [why]',
    'a data exposure: shuts out everybody who was granted access',
    'act',
    async (services, caller, one, rest) => {
      const { grants, datasets } = await suspendGrants(services, { ...act(caller, one), reason: rest });
      return {
        text: `${grantWords(grants)} on ${datasetWords(datasets)} of ${referenceOf(one)} ${grants === 1 ? 'is' : 'are'} being suspended. \`restore ${one.number}\` gives them back.`,
        visibility: 'asker',
      };
    },
  ),
  about(
    'restore',
    'restore <n>',
    'gives suspended grants back; for security',
    'act',
    async (services, caller, one) => {
      const { grants } = await restoreGrants(services, act(caller, one));
      return {
        text: `${grantWords(grants)} of ${referenceOf(one)} ${grants === 1 ? 'is' : 'are'} being given back.`,
        visibility: 'asker',
      };
    },
  ),
  about('private', 'private <n>', 'members only from now on', 'act', async (services, caller, one) => {
    await makePrivate(services, act(caller, one));
    return { text: `${referenceOf(one)} is seen by its members only from now on.`, visibility: 'asker' };
  }),
];
