import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '../../../test/helpers/database.js';
import { makeTestServices, type TestServices } from '../../../test/helpers/services.js';
import type { Actor } from '../../audit/record.js';
import type { Approvals } from '../approvals.js';
import { makeApprovals } from '../make-approvals.js';
import { loadPolicy } from '../policy/policy-store.js';
import type { Beneficiaries, Subject, SubjectFacts } from '../subject.js';

/** For tests of the engine: a company of seven, one policy, and a subject that lives in memory and counts what it is told. */
export interface EngineFixture {
  services: TestServices;
  approvals: Approvals;
  /** Events the subject saw: `approved:<subjectId>`, `denied:<subjectId>` … */
  events: string[];
  id: (name: string) => string;
  actor: (name: string) => Actor;
  /** Asks for approval of a new subject. */
  ask: (params?: AskParams) => Promise<{ requestId: string; subjectId: string; state: string }>;
  setFacts: (subjectId: string, facts: Partial<SubjectFacts>) => void;
  /** From now on reading the facts of this subject throws. */
  loseFacts: (subjectId: string, error: Error) => void;
  state: (requestId: string) => Promise<string>;
}

export interface AskParams {
  by?: string;
  facts?: Partial<SubjectFacts>;
  beneficiaries?: Beneficiaries;
  reason?: string | null;
  ticket?: string;
  purposeId?: string;
  termsAccepted?: boolean;
}

export const fixturePeople = ['rita', 'owen', 'olga', 'gina', 'gus', 'mia', 'adam'] as const;

export const fixtureConfig = {
  people: fixturePeople.map((name, index) => ({
    email: `${name}@example.com`,
    name: name.charAt(0).toUpperCase() + name.slice(1),
    slack: `U0${name.toUpperCase()}`,
    teams: name.startsWith('g') ? ['governance'] : name.startsWith('o') ? ['owners', 'on-call'] : [],
    ...(index === 0 ? { manager: 'mia@example.com', teams: ['on-call'] } : {}),
  })),
  teams: [{ id: 'governance' }, { id: 'owners' }, { id: 'on-call' }, { id: 'nobody' }],
  authority: { admins: ['adam@example.com'] },
  slack: { channels: { approvals: 'C0APPROVE' } },
};

export async function makeEngineFixture(
  database: TestDatabase,
  policy: string,
  config: Record<string, unknown> = fixtureConfig,
  secrets: Record<string, string> = {},
): Promise<EngineFixture> {
  const facts = new Map<string, SubjectFacts>();
  const lost = new Map<string, Error>();
  const beneficiaries = new Map<string, Beneficiaries>();
  const events: string[] = [];
  const subject: Subject = {
    kind: 'access',
    noun: 'access request',
    cardKind: 'test-card',
    facts: async (_trx, id) => {
      const error = lost.get(id);
      if (error) throw error;
      const found = facts.get(id);
      if (!found) throw new Error('the facts cannot be read');
      return found;
    },
    beneficiaries: async (_trx, id) => beneficiaries.get(id) ?? { kind: 'self', personIds: [] },
    onApproved: async (_trx, event) => {
      events.push(
        `approved:${event.subjectId}:${event.how}${event.durationMs === undefined ? '' : `:${event.durationMs}`}`,
      );
    },
    onEnded: async (_trx, event) => {
      events.push(`${event.outcome}:${event.subjectId}`);
    },
  };
  const services = await makeTestServices({
    database,
    config,
    secrets,
    approvals: (made) => makeApprovals(made, { subjects: { access: subject } }),
  });
  const { approvals } = services;
  const system: Actor = { personId: null, kind: 'system', channel: 'cli' };
  await loadPolicy(services, async () => [{ path: 'policy.yml', text: policy }], {
    actor: system,
    now: services.clock.now(),
  });
  const ids = new Map<string, string>();
  for (const person of services.config.people) {
    ids.set(person.email.split('@')[0] ?? '', await services.personId(person.email));
  }
  const id = (name: string): string => {
    const found = ids.get(name);
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  const actor = (name: string): Actor => ({ personId: id(name), kind: 'person', channel: 'slack' });
  return {
    services,
    approvals,
    events,
    id,
    actor,
    setFacts: (subjectId, changed) => {
      const before = facts.get(subjectId);
      if (before) facts.set(subjectId, { ...before, ...changed });
    },
    loseFacts: (subjectId, error) => lost.set(subjectId, error),
    state: async (requestId) => {
      const row = await services.db
        .selectFrom('approval_request')
        .select('state')
        .where('id', '=', requestId)
        .executeTakeFirstOrThrow();
      return row.state;
    },
    ask: async (params = {}) => {
      const subjectId = randomUUID();
      const by = params.by ?? 'rita';
      facts.set(subjectId, {
        policyKind: 'access',
        title: 'read on payouts for 7 days',
        level: 'read',
        durationMs: 7 * 86_400_000,
        classification: ['pii'],
        columns: [],
        owners: [{ team: 'owners' }],
        extension: false,
        facts: {},
        ...params.facts,
      });
      if (params.beneficiaries) beneficiaries.set(subjectId, params.beneficiaries);
      const opened = await services.db.transaction().execute((trx) =>
        approvals.openRequest(trx, {
          kind: 'access',
          subjectId,
          reference: 'ACC-1',
          requesterId: id(by),
          actor: actor(by),
          reason: params.reason === undefined ? 'to answer a question' : params.reason,
          now: services.clock.now(),
          ...(params.ticket === undefined ? {} : { ticket: params.ticket }),
          ...(params.purposeId === undefined ? {} : { purposeId: params.purposeId }),
          ...(params.termsAccepted === undefined ? {} : { termsAccepted: params.termsAccepted }),
        }),
      );
      return { requestId: opened.requestId, subjectId, state: opened.state };
    },
  };
}
