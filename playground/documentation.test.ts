import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeRegistry } from './api/registry.js';
import { repliesByCall } from './protocol/replies.js';
import { withGeneratedPart } from './testing/documentation.js';

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
