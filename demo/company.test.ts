import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { postgresWarehouse } from '../src/access/provisioners/postgres/schema.js';
import { checkCases } from '../src/approvals/policy/check-cases.js';
import { parsePolicy } from '../src/approvals/policy/parse-policy.js';
import { readPipeline } from '../src/backfills/executors/postgres/pipelines.js';
import { postgresExecutor } from '../src/backfills/executors/postgres/schema.js';
import { findConnector } from '../src/catalog/sources/registry.js';
import { connectorSettings } from '../src/catalog/sync.js';
import { incidentRule } from '../src/config/incident-rule-schema.js';
import { alertSource } from '../src/incidents/alerts/registry.js';
import { buildPipelines } from './generate/pipelines.js';
import { readProject } from './generate/project.js';
import { demoPath } from './paths.js';
import { demoConfig, demoSecretNames, demoWorkspace, warehouseLogins } from './people.js';

const config = demoConfig();
const workspace = demoWorkspace(config);
const emails = new Set(config.people.map((person) => person.email));
const teams = new Set(config.teams.map((team) => team.id));

describe('the sample company', () => {
  it('names only people and teams that it has', () => {
    for (const person of config.people) {
      if (person.manager) expect(emails).toContain(person.manager);
      if (person.away?.delegate) expect(emails).toContain(person.away.delegate);
      for (const team of person.teams) expect(teams).toContain(team);
    }
    for (const team of config.teams) {
      const rotation = team.onCall && 'people' in team.onCall ? team.onCall.people : [];
      for (const email of rotation) expect(emails).toContain(email);
    }
    for (const rule of config.catalog.visibility)
      for (const team of rule.teams) expect(teams).toContain(team);
    for (const audience of config.slack.audiences)
      for (const team of audience.teams) expect(teams).toContain(team);
  });

  it('has an owner in the company for every metric, model and source', () => {
    const owner = z.object({ owner: z.string(), backup_owner: z.string().optional() });
    const { metrics, models, sources } = readProject();
    const metas = [
      ...metrics.map((entry) => entry.metric.config.meta),
      ...models.map((model) => model.properties.config.meta),
      ...sources.map((source) => source.table.config.meta),
    ];
    for (const meta of metas) {
      const said = owner.parse(meta);
      expect(emails).toContain(said.owner);
      if (said.backup_owner) expect(emails).toContain(said.backup_owner);
    }
  });

  it('has a team for every group that owns models', () => {
    for (const { group } of readProject().groups) expect(teams).toContain(group.name);
  });

  it('has an executive, a guest, somebody away and somebody in every team', () => {
    expect(workspace.people.filter((person) => person.guest).map((person) => person.name)).toEqual(['kai']);
    expect(
      workspace.people.filter((person) => person.roles.includes('away')).map((person) => person.name),
    ).toEqual(['rosa']);
    expect(workspace.people.some((person) => person.teams.includes('executives'))).toBe(true);
    expect(workspace.usergroups.map((group) => group.handle).sort()).toEqual([...teams].sort());
  });

  it('gives every person an id, a handle and a warehouse login of their own', () => {
    for (const values of [
      workspace.people.map((person) => person.id),
      workspace.people.map((person) => person.name),
      workspace.channels.map((channel) => channel.id),
      warehouseLogins(config),
    ]) {
      expect(new Set(values).size).toBe(values.length);
    }
  });

  it('keeps guests out of everything but two channels, and finance numbers to finance', () => {
    const withGuest = workspace.channels.filter((channel) => channel.members.includes('kai'));
    expect(withGuest.map((channel) => channel.name)).toEqual(['general', 'data-questions']);
    const finance = workspace.channels.find((channel) => channel.name === 'finance-data');
    expect(finance).toMatchObject({ private: true, members: ['priya', 'jonas', 'claire', 'steward'] });
  });

  it('posts only to channels that there are', () => {
    const names = new Set(workspace.channels.map((channel) => channel.name));
    const used = [
      ...Object.values(config.slack.channels),
      ...config.slack.audiences.map((audience) => audience.channel),
      ...config.teams.map((team) => team.channel),
      config.incidents.triage.channel,
      config.incidents.executives.channel,
    ];
    for (const channel of used) if (channel !== undefined) expect(names).toContain(channel);
  });

  it('takes alerts only from sources that exist, each authenticated in a way that the source knows', () => {
    for (const endpoint of config.incidents.endpoints) {
      expect(alertSource(endpoint.source)?.auth).toContain(endpoint.auth.type);
    }
    expect(demoSecretNames(config).length).toBe(config.incidents.endpoints.length);
  });

  it('has incident rules and connectors that their readers understand', () => {
    for (const rule of config.incidents.rules)
      expect(incidentRule.safeParse(rule).success, rule.name).toBe(true);
    for (const entry of config.catalog.sources)
      expect(findConnector(entry.type)?.config.safeParse(connectorSettings(entry)).success).toBe(true);
    for (const warehouse of config.warehouses)
      expect(postgresWarehouse.safeParse(warehouse).success).toBe(true);
  });

  it('can rebuild every daily mart, by SQL that stands beside it as the generator writes it', () => {
    const [entry] = config.executors;
    const executor = postgresExecutor.parse(entry);
    const folder = executor.pipelinesDir ?? '';
    const pipelines = buildPipelines(readProject());
    expect(readdirSync(demoPath(folder)).sort()).toEqual(pipelines.map(({ name }) => `${name}.sql`).sort());
    for (const { name, relation, sql } of pipelines) {
      expect(readFileSync(demoPath(folder, `${name}.sql`), 'utf8')).toBe(sql);
      expect(readPipeline(executor, demoPath(), name)).toMatchObject({ relation, dependsOnPast: false });
    }
  });
});

describe('the policies of the sample company', () => {
  const sources = config.policies.files.map((file) => ({
    path: file,
    text: readFileSync(demoPath(file), 'utf8'),
  }));
  const policy = parsePolicy(sources);

  it('decide every case of their own table as it says', () => {
    const wrong = checkCases(policy).filter((result) => !result.ok);
    expect(wrong.map((result) => `${result.name}: ${result.differences.join('; ')}`)).toEqual([]);
    expect(policy.cases.length).toBeGreaterThanOrEqual(20);
  });

  it('have a case for every rule', () => {
    const tried = new Set(policy.cases.map((each) => each.expect.rule));
    expect(policy.rules.map((rule) => rule.name).filter((name) => !tried.has(name))).toEqual([]);
  });

  it('name only people and teams of the company', () => {
    const named = JSON.stringify(policy.rules);
    for (const [, team] of named.matchAll(/"team":"([^"]+)"/g)) expect(teams).toContain(team);
    for (const [, email] of named.matchAll(/"email":"([^"]+)"/g)) expect(emails).toContain(email);
  });
});
