import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeRegistry } from './api/registry.js';
import { repliesByCall } from './protocol/replies.js';
import { withGeneratedPart } from './testing/documentation.js';
import { callRules, controlRules, deliveryRules, rulesByKind } from './testing/refusal-rules.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const file = path.join(root, 'docs', 'playground.md');

const families =
  'chat|conversations|views|users|usergroups|pins|bookmarks|reactions|files|assistant|agents|auth|apps|team|bots|blocks|dnd|emoji|search|stars|reminders|calls|canvases|functions|workflows|oauth|openid|admin|migration|rtm|tooling|entity|slackLists';
/** `client.chat.postMessage(`, `x.client.views.open(`, `apiCall('chat.postMessage'`. */
const called = new RegExp(
  `[cC]lient\\??\\.((?:${families})(?:\\.[a-zA-Z]+)+)\\s*\\(|apiCall\\(\\s*['"\`]([a-zA-Z.]+)['"\`]`,
  'g',
);

function methodsIn(text: string): string[] {
  return [...text.matchAll(called)].map((match) => match[1] ?? match[2] ?? '');
}

describe('docs/playground.md', () => {
  it('lists every method, event, block, element and refusal as the code has them (STEWARD_WRITE_DOCS=1 writes it)', () => {
    const page = readFileSync(file, 'utf8');
    if (process.env.STEWARD_WRITE_DOCS === '1') writeFileSync(file, withGeneratedPart(page));
    expect(readFileSync(file, 'utf8')).toBe(withGeneratedPart(page));
  });

  it('has an example of every control call', () => {
    const page = readFileSync(file, 'utf8');
    const routes = readFileSync(path.join(root, 'playground', 'play', 'routes.ts'), 'utf8');
    const calls = [...routes.matchAll(/'(?:GET|POST) ([a-z]+)'/g)].map((match) => match[1] ?? '');
    expect(calls.length).toBeGreaterThan(15);
    for (const call of [...calls, 'live', 'file']) expect(page).toContain(`$PLAY/${call}`);
  });
});

/** Sources below the playground, tests or not. */
function sources(folder: string, isWanted: (name: string) => boolean): { name: string; text: string }[] {
  return readdirSync(path.join(root, 'playground', folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('page/') && isWanted(name))
    .map((name) => ({ name, text: readFileSync(path.join(root, 'playground', folder, name), 'utf8') }));
}
const isTest = (name: string): boolean => name.endsWith('.test.ts');

describe('every refusal', () => {
  it('has a test that says so', () => {
    const tests = sources('', isTest)
      .filter(({ name, text }) => text.includes('showsRefusal') && name !== 'documentation.test.ts')
      .map(({ text }) => text);
    const untested = Object.entries(rulesByKind).flatMap(([kind, rules]) =>
      Object.keys(rules).filter(
        (rule) =>
          !tests.some((text) => text.includes(`'${kind}'`) && new RegExp(`['\\s]${rule}['\\s:]`).test(text)),
      ),
    );
    expect(untested).toEqual([]);
  });

  it('is on the list: the words of the control API', () => {
    const thrown = sources('', (name) => !isTest(name)).flatMap(({ text }) =>
      [...text.matchAll(/new PlayProblem\(\s*\d+,\s*'([a-z_]+)'/g)].map((match) => match[1] ?? ''),
    );
    expect(thrown.length).toBeGreaterThan(40);
    expect(thrown.filter((word) => !(word in controlRules))).toEqual([]);
  });

  it('is on the list: the words of deliveries and of what answers them', () => {
    const words = ['delivery', 'play'].flatMap((folder) =>
      sources(folder, (name) => !isTest(name)).flatMap(({ text }) =>
        [
          ...text.matchAll(/SlackRefusal\('([a-z_]+)'/g),
          ...text.matchAll(/refused\(\d+, '([a-z_]+)'/g),
          ...text.matchAll(/ok: false,[^}]*reason: '([a-z_]+)'/g),
        ].map((match) => match[1] ?? ''),
      ),
    );
    expect(words.length).toBeGreaterThan(10);
    const said = JSON.stringify(deliveryRules);
    expect([...new Set(words)].filter((word) => !said.includes(`\`${word}\``))).toEqual([]);
  });

  it('is on the list: the words of the Web API, each of a method or of every call', () => {
    const declared = new Set([...makeRegistry(null).values()].flatMap(({ refusals }) => refusals));
    const words = sources('api', (name) => !isTest(name)).flatMap(({ text }) =>
      [...text.matchAll(/(?:refuse|refusal|SlackRefusal)\(\s*'([a-z_]+)'/g)].map((match) => match[1] ?? ''),
    );
    expect(words.length).toBeGreaterThan(60);
    expect([...new Set(words)].filter((word) => !declared.has(word) && !(word in callRules))).toEqual([]);
  });
});

describe('docs/contract', () => {
  it('has the shape of what every control call answers', () => {
    const routes = readFileSync(path.join(root, 'playground', 'play', 'routes.ts'), 'utf8');
    const calls = [...routes.matchAll(/'((?:GET|POST) [a-z]+)'/g)].map((match) => match[1] ?? '');
    expect(Object.keys(repliesByCall).sort()).toEqual(calls.sort());
  });
});

describe('the methods that the product calls', () => {
  it('are recognised in code', () => {
    expect(
      methodsIn(
        "await client.chat.postMessage({}); slack.client.views.open({}); this.webClient.apiCall('pins.add', {}); client\n.usergroups.users.list()",
      ),
    ).toEqual(['chat.postMessage', 'views.open', 'pins.add']);
  });

  it('are all answered by the stand-in', () => {
    const known = new Set(makeRegistry(null).keys());
    const missing: string[] = [];
    let seen = 0;
    for (const folder of ['src', 'commands', 'handlers', 'bin']) {
      for (const name of readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })) {
        if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
        const text = readFileSync(path.join(root, folder, name), 'utf8').replace(/\s*\n\s*\./g, '.');
        for (const method of methodsIn(text)) {
          seen += 1;
          // The SDK makes two calls of this one.
          if (method === 'files.uploadV2') continue;
          if (!known.has(method)) missing.push(`${folder}/${name}: ${method}`);
        }
      }
    }
    expect(missing).toEqual([]);
    expect(seen).toBeGreaterThan(0);
  });
});
