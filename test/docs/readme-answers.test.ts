import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { answerQuestion } from '../../src/answers/answer.js';
import type { AnswerInput } from '../../src/answers/context.js';
import { catalogFromArguments } from '../../src/catalog/from-arguments.js';
import { buildIndex } from '../../src/catalog/search/build-index.js';
import { operatorViewer } from '../../src/catalog/visibility.js';

/** The day the demo's committed artifacts show. */
const now = new Date('2026-11-20T12:00:00Z');
let input: AnswerInput;

beforeAll(async () => {
  const view = await catalogFromArguments(['dbt-artifacts:demo/dbt/target'], {
    now,
    signal: new AbortController().signal,
    secret: () => undefined,
    fetch: globalThis.fetch,
    baseDir: process.cwd(),
  });
  input = { view, index: buildIndex(view.assets()), now, viewer: operatorViewer };
});

const readme = readFileSync('README.md', 'utf8');
const shown = [...readme.matchAll(/\*\*`\/metric ([^`]+)`\*\*\n\n((?:> .*\n)+)/g)].map(
  ([, question = '', quote = '']) => ({
    question,
    quote: quote.replaceAll(/^> /gm, '').replaceAll(/\s+/g, ' ').trim(),
  }),
);

it('shows five questions', () => {
  expect(shown).toHaveLength(5);
});

// "why" depends on the day it is asked; the demo's own tests ask it.
it.each(shown.filter(({ question }) => !question.startsWith('why ')))(
  'answers "$question" in the words of the README',
  ({ question, quote }) => {
    const { text } = answerQuestion({ ...input, question });
    const parts = quote.split(/…|\*\*/).map((part) => part.trim());
    // What is about today (how long ago) is left out; the rest must be word for word.
    for (const part of parts.filter((one) => one.length > 20 && !/ ago|button/.test(one)))
      expect(text).toContain(part.replace(/[.;]$/, ''));
  },
);
