// Pictures for the README, made from the running demo in headless Chromium: `npm run shots`. Starts a demo of its own on day one in
// a temporary folder, or takes the one whose address is given: `npm run shots -- http://127.0.0.1:4000/?token=...`.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const folder = path.join(root, 'docs', 'images');
const startWithinMs = 120_000;
const answerWithinMs = 20_000;

async function startDemo() {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'steward-shots-'));
  const child = spawn(process.execPath, ['dist/bin/steward.js', 'demo', '--port', '4800'], {
    cwd: root,
    env: { ...process.env, STEWARD_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    let printed = '';
    const timer = setTimeout(
      () => reject(new Error(`the demo printed no address:\n${printed}`)),
      startWithinMs,
    );
    child.on('exit', (code) => reject(new Error(`the demo ended with ${code}:\n${printed}`)));
    child.stdout.on('data', (bytes) => {
      printed += bytes;
      const found = /http:\/\/\S+token=\S+/.exec(printed);
      if (found === null) return;
      clearTimeout(timer);
      resolve(found[0]);
    });
  });
  const stop = async () => {
    child.removeAllListeners('exit');
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
  return { url, stop };
}

/** The control API, for what is not worth clicking through. */
function caller(url) {
  const { origin, searchParams } = new URL(url);
  return async (call, body) => {
    const response = await fetch(`${origin}/_play/${call}`, {
      headers: { authorization: `Bearer ${searchParams.get('token')}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    return response.json();
  };
}

async function main() {
  const given = process.argv[2];
  const demo = given === undefined ? await startDemo() : { url: given, stop: async () => undefined };
  const play = caller(demo.url);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  try {
    await mkdir(folder, { recursive: true });
    const open = async (options) => {
      const context = await browser.newContext({
        viewport: { width: 1360, height: 860 },
        reducedMotion: 'reduce',
        ...options,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(answerWithinMs);
      await page.goto(demo.url);
      await page.locator('.composer textarea').first().waitFor();
      return page;
    };
    const shoot = async (page, name) => {
      await page.mouse.move(0, 0);
      await page.waitForTimeout(600);
      await page.screenshot({ path: path.join(folder, `${name}.png`) });
      console.log(`docs/images/${name}.png`);
    };

    const page = await open({});
    const info = await play('info');
    const strip = page.getByRole('region', { name: 'Try asking' });
    const heard = async (index) => {
      const channel = encodeURIComponent(info.questions[index].channel);
      return (await play(`messages?limit=1000&channel=${channel}`)).messages.length;
    };
    for (let index = 0; index < info.questions.length; index += 1) {
      const before = await heard(index);
      await strip.getByRole('button', { name: info.questions[index].title }).click();
      // Its own message and the app's answer, which the page shows in the thread.
      await waitFor(async () => (await heard(index)) > before + 1);
      await page.locator('.thread .message').nth(1).waitFor();
    }
    await showAnswer(page);
    await shoot(page, 'answers');

    // The story goes on: something breaks, and the incidents channel says so.
    const [step] = info.story;
    if (step !== undefined) {
      await play('story', { step: step.step });
      await page.getByRole('button', { name: /^#data-incidents/ }).click();
      await page.locator('.channel .message').first().waitFor();
      await shoot(page, 'incident');
    }
    await page.getByRole('button', { name: 'Behind this' }).click();
    const telling = page.locator('.behind-row:has(.kind-sql, .kind-probe, .kind-audit)');
    const line = (await telling.count()) > 0 ? telling : page.locator('.behind-row');
    await line.last().click();
    await shoot(page, 'behind');
    await page.getByRole('button', { name: 'Close Behind this' }).click();

    const shortcut = info.shortcuts.find((each) => each.type === 'global');
    if (shortcut !== undefined) {
      await page.getByRole('button', { name: 'Shortcuts' }).click();
      await page.getByRole('menuitem', { name: shortcut.name }).click();
      await page.getByRole('dialog').waitFor();
      await shoot(page, 'form');
      await page.keyboard.press('Escape');
    }
    await page.getByRole('button', { name: info.app.name, exact: true }).first().click();
    await page.getByRole('navigation', { name: 'App tabs' }).getByRole('button', { name: 'Home' }).click();
    await page.locator('.home .blocks > *').first().waitFor();
    await shoot(page, 'home');

    const dark = await open({ colorScheme: 'dark' });
    await showAnswer(dark);
    await shoot(dark, 'dark');
    const phone = await open({
      viewport: { width: 390, height: 800 },
      deviceScaleFactor: 2,
      isMobile: true,
      hasTouch: true,
    });
    await showAnswer(phone);
    await shoot(phone, 'phone');
  } finally {
    await browser.close();
    await demo.stop();
  }
}

/** Opens the thread of the answer that has something to say about trust: the second of three. */
async function showAnswer(page) {
  await page.locator('.channel .thread-foot').nth(-2).click();
  await page.locator('.thread .bk-actions').first().waitFor();
}

async function waitFor(check) {
  const until = Date.now() + answerWithinMs;
  while (!(await check())) {
    if (Date.now() > until) throw new Error('the answer did not come');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

await main();
