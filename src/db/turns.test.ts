import { expect, it } from 'vitest';
import { makeTurns } from './turns.js';

/** Work that ends when told. */
function held() {
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => over, end: () => end() };
}

it('lets in as many as there are places, the others in the order they came', async () => {
  const turns = makeTurns(2);
  const begun: string[] = [];
  const works = ['a', 'b', 'c', 'd'].map((name) => ({ name, ...held() }));
  const all = works.map(({ name, work }) =>
    turns.inTurn(() => {
      begun.push(name);
      return work();
    }),
  );
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b']);
  works[1]?.end();
  await all[1];
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const work of works) work.end();
  await Promise.all(all);
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
});

it('gives the place back when the work fails', async () => {
  const turns = makeTurns(1);
  await expect(turns.inTurn(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await turns.inTurn(async () => 'next')).toBe('next');
});

it('lets whoever gives up waiting leave the queue, and nobody else loses their place', async () => {
  const turns = makeTurns(1);
  const first = held();
  const running = turns.inTurn(first.work);
  const quitting = new AbortController();
  const quitter = turns.inTurn(async () => 'never', quitting.signal);
  const patient = turns.inTurn(async () => 'served', new AbortController().signal);
  quitting.abort(new Error('enough'));
  await expect(quitter).rejects.toThrow('enough');
  await expect(turns.inTurn(async () => 'never', quitting.signal)).rejects.toThrow('enough');
  first.end();
  await running;
  expect(await patient).toBe('served');
});
