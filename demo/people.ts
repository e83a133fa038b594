import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type StewardConfig, stewardConfig } from '../src/config/steward-schema.js';
import { demoPath } from './paths.js';

/** Name of the company's workspace, of its warehouse's database, and of its entry under `catalog.sources`. */
export const company = {
  name: 'Brightmill',
  domain: 'brightmill',
  database: 'warehouse',
  source: 'brightmill',
} as const;

/** A person of the sample company as the local Slack takes it. */
export interface DemoPerson {
  id: string;
  /** Handle. */
  name: string;
  realName: string;
  email: string;
  title: string;
  teams: string[];
  /** `admin`, `governance`, `security`, `data team`, `on-call`, `away`. */
  roles: string[];
  tz: string;
  guest: boolean;
  statusText?: string;
  statusEmoji?: string;
}

export interface DemoChannel {
  id: string;
  name: string;
  private: boolean;
  /** Handles, and `steward` for the app. */
  members: string[];
  topic: string;
  purpose: string;
}

export interface DemoWorkspace {
  people: DemoPerson[];
  channels: DemoChannel[];
  usergroups: { id: string; handle: string; name: string; members: string[] }[];
}

/** The sample company's configuration. Throws where `demo/steward.yml` is wrong. */
export function demoConfig(): StewardConfig {
  return stewardConfig.parse(parse(readFileSync(demoPath('steward.yml'), 'utf8')));
}

/** Login names in the warehouse, one for each person who has one. */
export function warehouseLogins(config = demoConfig()): string[] {
  return [...config.people, ...config.serviceAccounts].flatMap((entry) => Object.values(entry.warehouse));
}

/** Logins that hold the open marts by their job: the analytics engineers. */
export function openMartReaders(config = demoConfig()): string[] {
  return config.people
    .filter((person) => person.teams.includes('analytics-engineering'))
    .flatMap((person) => Object.values(person.warehouse));
}

/** Names of the environment variables that the configuration takes secrets from; the demo makes them up at each start. */
export function demoSecretNames(config = demoConfig()): string[] {
  const names = config.incidents.endpoints.flatMap((endpoint) =>
    endpoint.auth.secrets.map((each) => each.env),
  );
  return [...new Set(names)];
}

function handleOf(email: string): string {
  return email.split('.')[0] ?? email;
}

function rolesOf(config: StewardConfig, person: StewardConfig['people'][number]): string[] {
  const inAny = (teams: readonly string[]): boolean => person.teams.some((team) => teams.includes(team));
  const held: [string, boolean][] = [
    ['admin', config.authority.admins.includes(person.email)],
    ['governance', inAny(config.authority.governance)],
    ['security', inAny(config.authority.security)],
    ['data team', inAny(config.authority.dataTeam)],
    ['on-call', person.teams.includes('on-call')],
    ['away', person.away !== undefined],
  ];
  return held.filter(([, holds]) => holds).map(([role]) => role);
}

function demoPeople(config: StewardConfig): DemoPerson[] {
  return config.people.map((person): DemoPerson => {
    const handle = handleOf(person.email);
    return {
      id: person.slack ?? `U0${handle.toUpperCase()}`,
      name: handle,
      realName: person.name ?? handle,
      email: person.email,
      title: person.title ?? '',
      teams: person.teams,
      roles: rolesOf(config, person),
      tz: person.timeZone ?? config.calendar.timeZone,
      guest: person.guest,
      ...(person.away ? { statusText: 'On parental leave', statusEmoji: ':palm_tree:' } : {}),
    };
  });
}

/** Who is in a channel: everybody but guests, or the members of some teams; and guests by handle. */
interface ChannelPlan {
  name: string;
  topic: string;
  purpose: string;
  teams?: string[];
  guests?: string[];
  private?: boolean;
}

const channelPlans: ChannelPlan[] = [
  { name: 'general', topic: 'Everybody', purpose: 'News for the whole company.', guests: ['kai'] },
  {
    name: 'data-questions',
    topic: 'What does it mean, may I use it?',
    purpose: 'Ask about metrics and data.',
    guests: ['kai'],
  },
  {
    name: 'data-incidents',
    topic: 'Alerts in triage and incidents',
    purpose: 'What is wrong with our data right now.',
  },
  { name: 'data-access', topic: 'Requests for access', purpose: 'Who may see what, and until when.' },
  {
    name: 'data-platform',
    topic: 'Backfills and the nightly run',
    purpose: 'The data platform team at work.',
  },
  {
    name: 'marketplace',
    topic: 'Suppliers and nodes',
    purpose: 'Marketplace operations.',
    teams: ['marketplace', 'platform'],
  },
  {
    name: 'inference',
    topic: 'Models and tokens',
    purpose: 'Inference product.',
    teams: ['inference', 'product', 'platform'],
  },
  { name: 'growth', topic: 'Sign-up to paid', purpose: 'Growth.', teams: ['growth', 'product', 'sales'] },
  {
    name: 'finance-data',
    topic: 'Margin, billing, close',
    purpose: 'Finance numbers, for finance.',
    teams: ['finance', 'executives'],
    private: true,
  },
  {
    name: 'board-numbers',
    topic: 'The board deck',
    purpose: 'Numbers before the board sees them.',
    teams: ['executives'],
    private: true,
  },
];

/** The workspace that `demo/steward.yml` describes: people, user groups by team, and the channels they are in. */
export function demoWorkspace(config = demoConfig()): DemoWorkspace {
  const people = demoPeople(config);
  const inTeams = (teams: readonly string[]): string[] =>
    people.filter((person) => person.teams.some((team) => teams.includes(team))).map((person) => person.name);
  const staff = people.filter((person) => !person.guest).map((person) => person.name);
  const channels = channelPlans.map((plan): DemoChannel => {
    return {
      id: `C0${plan.name.replaceAll('-', '').toUpperCase()}`,
      name: plan.name,
      private: plan.private ?? false,
      members: [...(plan.teams ? inTeams(plan.teams) : staff), ...(plan.guests ?? []), 'steward'],
      topic: plan.topic,
      purpose: plan.purpose,
    };
  });
  const usergroups = config.teams
    .map((team) => ({
      id: `S0${team.id.replaceAll('-', '').toUpperCase()}`,
      handle: team.id,
      name: team.name ?? team.id,
      members: inTeams([team.id]),
    }))
    .filter((group) => group.members.length > 0);
  return { people, channels, usergroups };
}

/** The three questions offered on the first screen, with what day one answers. */
export const firstQuestions = [
  { text: 'What is net revenue retention?', verdict: 'SAFE' },
  { text: 'What is GPU utilisation?', verdict: 'CAUTION' },
  { text: 'What is our carbon footprint?', verdict: 'unknown' },
] as const;
