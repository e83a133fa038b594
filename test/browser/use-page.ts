import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { hasChromium, launchChromium } from './chromium.js';
import { type PageFixture, startPageFixture } from './page-fixture.js';

/** What a test of the page gets: a fresh fixture, and a page that is not yet open. */
export interface PageTest {
  fixture: PageFixture;
  page: Page;
  /** A second browser of the same person. */
  another: () => Promise<Page>;
  /** Goes to the page and waits until it shows a channel. */
  open: () => Promise<void>;
  /** Everything the page complained about: script errors, and refusals of its content security policy. */
  complaints: string[];
}

/** A `describe` whose tests each have a fixture and a page of their own; left out, with a line saying so, without Chromium. */
export function describePage(
  name: string,
  options: BrowserContextOptions,
  tests: (at: PageTest) => void,
): void {
  describe.skipIf(!hasChromium)(name, () => {
    let browser: Browser;
    const at = { complaints: [] } as unknown as PageTest;
    const newPage = async (): Promise<Page> => {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        reducedMotion: 'reduce',
        ...options,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(8_000);
      page.on('pageerror', (error) => at.complaints.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' && /Content Security Policy/.test(message.text()))
          at.complaints.push(message.text());
      });
      return page;
    };
    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(async () => {
      await browser?.close();
    });
    beforeEach(async () => {
      at.complaints = [];
      at.fixture = await startPageFixture();
      at.page = await newPage();
      at.another = newPage;
      at.open = async () => {
        await at.page.goto(at.fixture.url);
        await at.page.getByRole('main', { name: '#general' }).waitFor();
        await at.page.getByRole('textbox', { name: 'Message #general' }).waitFor();
      };
    });
    afterEach(async () => {
      for (const context of browser.contexts()) await context.close();
      await at.fixture.stop();
    });
    tests(at);
  });
}

/** Waits until `read` gives something, and answers it. */
export async function eventually<Found>(
  read: () => Found | undefined,
  what: string,
  withinMs = 5_000,
): Promise<Found> {
  const until = Date.now() + withinMs;
  for (;;) {
    const found = read();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`waited ${withinMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
