import { setTimeout as sleep } from 'node:timers/promises';
import type { TestSteward } from '../helpers/steward.js';

/** Looks again until it is there; a busy machine takes its time. */
export async function until<Result>(
  what: string,
  look: () => Promise<Result | undefined | false>,
  ms = 18_000,
): Promise<Result> {
  const deadline = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`waited in vain for: ${what}`);
    await sleep(80);
  }
}

/** The message that somebody (or a channel) was sent, by a part of its text. */
export async function told(
  app: TestSteward,
  where: { person: string } | { channel: string },
  part: string | RegExp,
) {
  return until(`${JSON.stringify(where)} to be told ${part}`, async () =>
    (await app.messages(where)).find((message) =>
      typeof part === 'string' ? message.text.includes(part) : part.test(message.text),
    ),
  );
}

/** The same where one of several may be told: whoever the catalog says is nearest to a question. */
export async function toldOneOf(app: TestSteward, people: readonly string[], part: string) {
  return until(`one of ${people.join(', ')} to be told ${part}`, async () => {
    for (const person of people) {
      const message = (await app.messages({ person })).find((one) => one.text.includes(part));
      if (message) return { person, message };
    }
    return undefined;
  });
}
