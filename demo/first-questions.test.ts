import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerQuestion } from '../src/answers/answer.js';
import type { Answer } from '../src/answers/answer-types.js';
import { buildIndex } from '../src/catalog/search/build-index.js';
import { makeCatalog } from '../src/catalog/snapshot.js';
import { dbtArtifacts } from '../src/catalog/sources/dbt-artifacts/index.js';
import { sourceContext } from '../src/catalog/test-kit/source-context.js';
import { demoArtifacts, writeDemoArtifacts } from './generate/artifacts.js';
import { demoConfig, firstQuestions } from './people.js';

const now = new Date('2026-11-16T09:10:00Z');
const rules = demoConfig().catalog.visibility;
let folder: string;
let ask: (question: string, teams?: string[]) => Answer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'steward-demo-'));
  writeDemoArtifacts(demoArtifacts(now), folder);
  const snapshot = await dbtArtifacts.read({ path: folder }, sourceContext({ now }));
  const view = makeCatalog([{ source: 'brightmill', type: 'dbt-artifacts', snapshot }]);
  const index = buildIndex(view.assets());
  ask = (question, teams = ['product']) =>
    answerQuestion({ view, index, now, rules, viewer: { teams }, question });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const said = (answer: Answer): string =>
  answer.outcome === 'answered' ? (answer.verdict?.verdict ?? 'no verdict') : answer.outcome;

describe('on the first day', () => {
  it.each(firstQuestions)('"$text" is answered $verdict', ({ text, verdict }) => {
    expect(said(ask(text))).toBe(verdict);
  });

  it('"What is churn?" is asked back with both definitions', () => {
    const answer = ask('What is churn?');
    expect(answer.outcome).toBe('ambiguous');
    const offered = answer.offers.map((offer) => offer.asset.name);
    expect(offered).toEqual(expect.arrayContaining(['logo_churn_rate', 'revenue_churn_rate']));
  });

  it('the deprecated metric is not to be used, and says what is', () => {
    const answer = ask('What is GPU occupancy?');
    expect(said(answer)).toBe('DO NOT USE');
    expect(answer.text).toContain('gpu_utilisation');
  });

  it('board numbers are unknown to everybody but finance and executives', () => {
    const hidden = ask('What is burn multiple?');
    expect(hidden.text).not.toMatch(/net burn for every dollar/i);
    expect(hidden.assets.map(({ asset }) => asset.name)).not.toContain('burn_multiple');
    expect(ask('What is burn multiple?', ['executives']).subject?.name).toBe('burn_multiple');
  });

  it('payouts can be asked for by those who may not see them', () => {
    const name = 'What is supplier payouts?';
    expect(ask(name)).toMatchObject({ outcome: 'answered', level: 'requestable' });
    expect(ask(name, ['finance'])).toMatchObject({ outcome: 'answered', level: 'open' });
  });
});
