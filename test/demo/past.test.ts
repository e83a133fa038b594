import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoArtifacts, writeDemoArtifacts } from '../../demo/generate/artifacts.js';
import { lateToday, past } from '../../demo/generate/planted.js';
import { newestCheck } from '../../demo/generate/timeline.js';
import { demoPath } from '../../demo/paths.js';
import { demoSecretNames, demoWorkspace } from '../../demo/people.js';
import { tellPast } from '../../playground/company/past.js';
import { saidBefore } from '../../playground/seed-history.js';
import { type Playground, startPlayground } from '../../playground/server.js';
import { testOptions } from '../../playground/testing/company.js';
import { askQuestion } from '../../src/answers/ask.js';
import { AskAnswer, toAskAnswer } from '../../src/answers/batch.js';
import { syncCatalog } from '../../src/catalog/sync.js';
import { operatorViewer } from '../../src/catalog/visibility.js';
import { readEnvironment } from '../../src/config/env.js';
import { loadConfig } from '../../src/config/load-config.js';
import { prepareDomains } from '../../src/runtime/domains.js';
import { type MadeServices, makeServices } from '../../src/runtime/make-services.js';
import { historyBlocks } from '../../src/slack/cards/answer-history.js';
import { makeTestDatabase, type TestDatabase } from '../helpers/database.js';

const dayMs = 86_400_000;
const now = new Date();
const secrets = Object.fromEntries(demoSecretNames().map((name) => [name, `test-${name.toLowerCase()}`]));
const day = (daysAgo: number): string =>
  new Date(Math.floor(now.getTime() / dayMs) * dayMs - daysAgo * dayMs).toISOString().slice(0, 10);

let folder: string;
let database: TestDatabase;
let made: MadeServices;
let slack: Playground;
let again: () => Promise<void>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'steward-past-'));
  database = await makeTestDatabase();
  const loaded = await loadConfig(demoPath('steward.yml'));
  const env = readEnvironment({ ...secrets, DATABASE_URL: database.url });
  made = await makeServices({
    env,
    log: pino({ level: 'silent' }),
    loaded,
    database: { pool: database, url: database.url, embedded: null, close: async () => undefined },
  });
  await prepareDomains(made.services, loaded);
  const { people, channels } = demoWorkspace(loaded.config);
  slack = await startPlayground(testOptions({ people, channels }));
  const sourcesAt = (target: string) =>
    loaded.config.catalog.sources.map((source) => ({ ...source, path: target }));
  again = () =>
    tellPast({
      services: made.services,
      refresh: made.catalog.refresh,
      sourcesAt,
      baseDir: loaded.baseDir,
      workDir: path.join(folder, 'past'),
      dayOne: now,
      say: (said) => saidBefore(slack.world, said),
    });
  await again();
  const target = path.join(folder, 'target');
  writeDemoArtifacts(demoArtifacts(now), target);
  await syncCatalog(
    database.db,
    sourcesAt(target),
    {
      now,
      signal: AbortSignal.timeout(60_000),
      secret: made.services.secret,
      fetch: globalThis.fetch,
      baseDir: loaded.baseDir,
    },
    { now },
  );
  await made.catalog.refresh();
}, 120_000);

afterAll(async () => {
  await made.close();
  await slack.stop();
  await rm(folder, { recursive: true, force: true });
});

const ask = async (question: string): Promise<string> =>
  (await askQuestion(made.services, { question, viewer: operatorViewer, now })).answer.text;

/** What changed of a metric, by the day, the kind and whoever agreed; oldest first. */
const versionsOf = async (name: string) => {
  const rows = await database.db
    .selectFrom('asset_version')
    .innerJoin('asset', 'asset.id', 'asset_version.asset_id')
    .select(['asset_version.at', 'asset_version.change'])
    .where('asset.name', '=', name)
    .where('asset.kind', '=', 'metric')
    .orderBy('asset_version.number')
    .execute();
  return rows.map(({ at, change }) => `${at.toISOString().slice(0, 10)} ${change}`);
};

describe('the past of the demo', () => {
  it('is one of reads: every metric was there before, four were changed, and the first day changes nothing', async () => {
    expect(await versionsOf('mrr')).toEqual([`${day(200)} created`, `${day(110)} meaning`]);
    expect(await versionsOf('gross_margin_rate')).toEqual([`${day(200)} created`, `${day(46)} meaning`]);
    expect(await versionsOf('gpu_utilisation')).toEqual([`${day(200)} created`, `${day(25)} wording`]);
    expect(await versionsOf('marketplace_take_rate')).toEqual([`${day(200)} created`, `${day(6)} meaning`]);
    expect(await versionsOf('arr')).toEqual([`${day(200)} created`]);
  });

  it('knows who proposed and who agreed, by the rules of policy', async () => {
    const changes = await database.db
      .selectFrom('definition_change')
      .select(['id', 'number', 'asset_name', 'state'])
      .orderBy('number')
      .execute();
    const requests = await database.db
      .selectFrom('approval_request')
      .select(['subject_id', 'rule', 'decided_how'])
      .execute();
    const decided = changes.map(({ id, number, asset_name, state }) => {
      const request = requests.find((one) => one.subject_id === id);
      return `${number} ${asset_name} ${state} ${request?.rule} ${request?.decided_how}`;
    });
    expect(decided).toEqual([
      '1 Monthly recurring revenue in-source board-metrics people',
      '2 Gross margin rate in-source board-metrics people',
      '3 Marketplace take rate in-source tier-1-metrics people',
    ]);
  });

  it('is told by /metric history and by "as of"', async () => {
    expect(await ask('history of mrr')).toBe(
      `Monthly recurring revenue (metric mrr) has 2 versions. ${day(110)}: The description changed: removed "less the fees of customers that have given notice."; added "over all paying customers.". The formula changed from sum(ending_mrr_usd - churned_mrr_usd) to sum(ending_mrr_usd). Approved by Priya Raman and Jonas Weber (DEF-1), announced ${day(110)}. ${day(200)}: First seen.`,
    );
    const then = await ask(`mrr as of ${day(150)}`);
    expect(then).toMatch(new RegExp(`^On ${day(150)}: .*customers that have given notice.*churned_mrr_usd`));
    expect(then).toContain(`Since then: ${day(110)}: The description changed`);
    expect(await ask(`mrr as of ${day(30)}`)).toContain('Since then: nothing changed.');
    expect(await ask('history of gpu utilisation')).toContain('Its meaning is the same.');
  });

  it('stands in the channels on the days it was said: the decision log and the release note of each change', async () => {
    const said = (channel: string) =>
      slack.world.messages.order(channel).map((ts) => {
        const { text = '', bot_id } = slack.world.messages.get(channel, ts) ?? {};
        return `${new Date(Number(ts) * 1_000).toISOString().slice(0, 10)} ${bot_id} ${text.split('.')[0]}`;
      });
    const bot = slack.world.app.bot_id;
    expect(said('C0DATAQUESTIONS')).toEqual([
      `${day(110)} ${bot} Monthly recurring revenue has a new definition (DEF-1)`,
      `${day(46)} ${bot} Gross margin rate has a new definition (DEF-2)`,
      `${day(6)} ${bot} Marketplace take rate has a new definition (DEF-3)`,
    ]);
    expect(said('C0DATAACCESS')).toEqual([
      `${day(113)} ${bot} DEF-1: new definition of Monthly recurring revenue, in the source`,
      `${day(49)} ${bot} DEF-2: new definition of Gross margin rate, in the source`,
      `${day(9)} ${bot} DEF-3: new definition of Marketplace take rate, in the source`,
    ]);
  });

  it('is led to from the history of a definition, whose release note everybody can open', async () => {
    const { answer } = await askQuestion(made.services, {
      question: 'history of mrr',
      viewer: operatorViewer,
      now,
    });
    const [ts = ''] = slack.world.messages.order('C0DATAQUESTIONS');
    const address = `${slack.world.origin()}/archives/C0DATAQUESTIONS/p${ts.replace('.', '')}`;
    expect(answer.history?.versions.map((version) => version.announcementUrl)).toEqual([address, undefined]);
    if (!answer.history) throw new Error('no history');
    expect(JSON.stringify(historyBlocks(answer.history))).toContain(`<${address}|Release note>`);
  });

  it('leaves nothing that Steward would say today', async () => {
    for (const table of ['outbox', 'notice_waiting', 'release_note'] as const)
      expect(await database.db.selectFrom(table).selectAll().execute(), table).toEqual([]);
    const messages = await database.db.selectFrom('slack_message').selectAll().execute();
    expect(messages.map(({ state, ts }) => [state, ts === null])).toEqual(
      Array.from({ length: 6 }, () => ['sent', false]),
    );
  });

  it('is told once: a second start changes nothing', async () => {
    await again();
    expect(await versionsOf('mrr')).toHaveLength(2);
  });
});

describe('the five questions of the README on the first day', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const shown = [...readme.matchAll(/\*\*`\/metric ([^`]+)`\*\*\n\n((?:> .*\n)+)/g)].map(
    ([, question = '', quote = '']) => ({ question, quote: quote.replaceAll(/^> |\*\*/gm, '') }),
  );
  /** Days, hours and how long ago are another day's. */
  const timeless = (text: string): string =>
    text
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/\d{4}-\d\d-\d\d( \d\d:\d\d UTC)?/g, '<day>')
      .replaceAll(/(\d+|a|an) (minute|hour|day)s? ago/g, '<ago>');

  it('are five', () => expect(shown).toHaveLength(5));

  it.each(shown)('"$question" is answered in its words and in its order', async ({ question, quote }) => {
    const parts = timeless(quote.replace('(and a button for each)', ''))
      .split('…')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    const answer = timeless(await ask(question));
    expect(answer.startsWith(parts[0] ?? '?'), `${answer}\nis not\n${parts[0]}`).toBe(true);
    let from = 0;
    for (const part of parts) {
      const at = answer.indexOf(part, from);
      expect({ part, answer, found: at >= 0 }).toMatchObject({ found: true });
      from = at + part.length;
    }
    if (!quote.includes('…')) expect(answer).toBe(parts[0]);
  });
});

describe('"why did it change" on the first day', () => {
  /** What `steward ask --json` writes of it. */
  const why = async (question: string) => {
    const { answer } = await askQuestion(made.services, { question, viewer: operatorViewer, now });
    const { view } = made.services.catalog.current();
    const { events } = AskAnswer.parse(toAskAnswer('1', answer, 0, view.get));
    return events?.map(({ at, kind, name, distance, reference }) =>
      [at.slice(0, 16), kind, name, distance, ...(reference === undefined ? [] : [reference])].join(' '),
    );
  };
  /** The half hour in which the newest look found the heartbeats late. */
  const late = `${newestCheck(now).toISOString().slice(0, 16)} late ${lateToday.table} 5`;
  /** As the night's run of that day saw it. */
  const failed = (where: string) => `${day(past.failedTest.daysAgo)}T05:50 failed-test ${where}`;

  it.each<[string, string[]]>([
    ['why did mrr change?', []],
    [`why did mrr change since ${day(150)}?`, [`${day(110)}T08:00 definition mrr 0 DEF-1`]],
    [
      'why did marketplace take rate change?',
      [late, `${day(6)}T08:00 definition marketplace_take_rate 0 DEF-3`],
    ],
    ['why did gpu utilisation change?', [late]],
    [`why did gpu utilisation change since ${day(30)}?`, [late]],
    ['why did tokens served change?', [failed('fct_inference_usage_daily 1')]],
    [
      'why did billed revenue change?',
      [`${day(past.lateSource.daysAgo)}T06:00 late ${past.lateSource.table} 3`],
    ],
    [
      `why did gross margin rate change since ${day(60)}?`,
      [
        failed('stg_inference__inference_requests 4'),
        `${day(46)}T08:00 definition gross_margin_rate 0 DEF-2`,
      ],
    ],
  ])('"%s" is answered with what was planted, in order, and nothing else', async (question, planted) => {
    expect(await why(question)).toEqual(planted);
  });
});
