import { describe, expect, it } from 'vitest';
import { stewardConfig } from '../config/steward-schema.js';
import { checkEndpoints } from './alerts/check-endpoints.js';
import { checkOutsideEntries } from './check-entries.js';

const read = (incidents: Record<string, unknown>) => stewardConfig.parse({ incidents });
const pagerDuty = { type: 'pagerduty', name: 'pd', routingKey: { env: 'PD' } };
const opsgenie = { type: 'opsgenie', name: 'og', apiKey: { env: 'OG' } };
const jira = {
  type: 'jira',
  name: 'jira',
  url: 'https://jira.example',
  user: 'u',
  token: { env: 'JIRA' },
  project: 'DATA',
};

describe('an entry of `incidents.pagers` or `incidents.trackers`', () => {
  it('that is whole is taken', () => {
    expect(() =>
      checkOutsideEntries(read({ pagers: [pagerDuty, opsgenie], trackers: [jira] })),
    ).not.toThrow();
  });

  it.each([
    [
      { pagers: [{ ...pagerDuty, routingkey: { env: 'PD' } }] },
      'incidents.pagers.0: Unrecognized key: "routingkey"',
    ],
    [
      { pagers: [pagerDuty, { type: 'bell', name: 'b' }] },
      'incidents.pagers.1.type: there is no "bell"; known: pagerduty, opsgenie',
    ],
    [{ pagers: [{ type: 'opsgenie', name: 'og' }] }, 'incidents.pagers.0.apiKey: '],
    [{ pagers: [pagerDuty, pagerDuty] }, 'incidents.pagers.1.name: pd is there twice'],
    [
      { trackers: [{ ...jira, transitions: { closed: 'Done' } }] },
      'incidents.trackers.0.transitions: Unrecognized key: "closed"',
    ],
    [
      { trackers: [{ ...jira, type: 'constructor' }] },
      'incidents.trackers.0.type: there is no "constructor"; known: jira, servicenow, linear',
    ],
  ])('that is wrong stops the start with its key: %j', (incidents, said) => {
    expect(() => checkOutsideEntries(read(incidents))).toThrow(said);
  });
});

describe('`options` of an endpoint', () => {
  const endpoint = (source: string, options: Record<string, unknown>) =>
    read({
      endpoints: [{ source, id: 'x', auth: { type: 'signature', secrets: [{ env: 'S' }] }, options }],
    });

  it('are those of its source', () => {
    const options = { apiUrl: 'https://cloud.example', apiToken: { env: 'T' } };
    expect(() => checkEndpoints(endpoint('dbt-cloud', options))).not.toThrow();
  });

  it.each([
    [
      'dbt-cloud',
      { apiURL: 'https://cloud.example' },
      'incidents.endpoints.0.options: Unrecognized key: "apiURL"',
    ],
    [
      'dbt-cloud',
      { apiUrl: 'https://cloud.example' },
      'incidents.endpoints.0.options: apiUrl and apiToken go together',
    ],
    [
      'airflow',
      { apiUrl: 'https://cloud.example' },
      'incidents.endpoints.0.options: Unrecognized key: "apiUrl"',
    ],
  ])('of %s stop the start where they are wrong: %j', (source, options, said) => {
    expect(() => checkEndpoints(endpoint(source, options))).toThrow(said);
  });
});
