import type { FakeServer, Told } from './fake-server.js';

/** The webhook protocol with state: runs by key. */
export function ownSystem(fake: FakeServer) {
  const runs = new Map<string, { id: string; state: string; error?: string }>();
  const system = { runs, starts: 0, down: false, loseStarts: 0, next: 'queued' };
  fake.answer(({ body }): Told => {
    const asked = body as { action: string; key: string };
    if (system.down) return { status: 503 };
    if (asked.action === 'preview') return { status: 200, body: { fingerprint: 'one' } };
    const run = runs.get(asked.key);
    if (asked.action === 'start' && run === undefined) {
      system.starts += 1;
      runs.set(asked.key, { id: asked.key, state: system.next });
      const lost = system.loseStarts > 0;
      system.loseStarts -= 1;
      return { status: 200, body: runs.get(asked.key), lost };
    }
    if (asked.action === 'cancel' && run !== undefined)
      run.state = run.state === 'running' ? 'cancelling' : 'cancelled';
    return { status: 200, body: run ?? { id: asked.key, state: 'unknown' } };
  });
  return system;
}
