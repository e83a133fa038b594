import { askQuestion } from '../answers/ask.js';
import type { Services } from '../services.js';

const questions = 5;

/** Asks a few questions of itself before it says that it is ready, so that the first person does not wait for compiled code. Decoration. */
export async function warmUp(services: Services): Promise<void> {
  const assets = services.catalog.current().view.assets();
  const step = Math.max(1, Math.floor(assets.length / questions));
  for (let at = 0; at < assets.length; at += step) {
    const asset = assets[at];
    if (!asset) continue;
    await askQuestion(services, {
      question: `what does ${asset.label ?? asset.name} mean today?`,
      viewer: { teams: [] },
      now: services.clock.now(),
    }).catch((error: unknown) => services.log.debug({ err: error }, 'a question of the warm-up failed'));
  }
}
