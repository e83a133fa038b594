import { type LoadedConfig, placeOf } from '../../config/load-config.js';
import { unplacedWords, unplacedWork } from '../../incidents/unplaced-work.js';
import type { Services } from '../../services.js';
import type { Say } from './say.js';

/** Whether each window of planned work that is not over means something of the catalog, with its line in the file. */
export async function checkPlannedWork(services: Services, loaded: LoadedConfig, say: Say): Promise<void> {
  for (const one of unplacedWork(services, services.clock.now()))
    say(
      'Planned work',
      'warning',
      `${await placeOf(loaded, ['incidents', 'plannedWork', one.index, 'asset'])}: ${unplacedWords(one)}, so the window silences nothing`,
      `correct incidents.plannedWork[${one.index}].asset; \`steward catalog search\` finds the name`,
    );
}
