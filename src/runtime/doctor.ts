import { needsLogin } from '../access/provisioners/registry.js';
import { type Environment, readEnvironment } from '../config/env.js';
import { type LoadedConfig, loadConfig } from '../config/load-config.js';
import { checkPeople } from '../people/check-people.js';
import { makeLogger } from '../telemetry/logger.js';
import { readSystem } from '../telemetry/status.js';
import { checkDatabase } from './doctor/check-database.js';
import { checkModel } from './doctor/check-model.js';
import { checkPlannedWork } from './doctor/check-planned-work.js';
import { checkPolicies } from './doctor/check-policies.js';
import { checkQueue } from './doctor/check-queue.js';
import { checkSlack } from './doctor/check-slack.js';
import { checkSources } from './doctor/check-sources.js';
import { type DoctorCheck, reasonOf, type Say } from './doctor/say.js';
import { makeServices } from './make-services.js';

/** Looks at everything Steward needs, one after the other; a part that fails does not hide the next. */
export async function runDoctor(processEnv: NodeJS.ProcessEnv): Promise<DoctorCheck[]> {
  const checks: DoctorCheck[] = [];
  const say: Say = (name, level, text, remedy) => {
    checks.push({ name, level, text, ...(remedy ? { remedy } : {}) });
  };

  let env: Environment;
  try {
    env = readEnvironment(processEnv);
    say('Environment', 'ok', 'every variable that is set is well formed');
  } catch (error) {
    say('Environment', 'error', reasonOf(error), 'correct the variable it names');
    return checks;
  }
  let loaded: LoadedConfig | null = null;
  try {
    loaded = await loadConfig(env.configFile);
    say(
      'Configuration',
      'ok',
      `${env.configFile}: ${loaded.config.people.length} people, ${loaded.config.teams.length} teams, ${loaded.config.catalog.sources.length} catalog sources`,
    );
  } catch (error) {
    say('Configuration', 'error', reasonOf(error), 'correct the key it names');
  }

  await checkSlack(env, say);
  const database = await checkDatabase(env, say);
  try {
    if (database) await checkQueue(env, database, say);
    if (loaded) {
      for (const finding of checkPeople(loaded.config, needsLogin).slice(0, 20))
        say(
          'People',
          finding.level,
          finding.message.replace(/^people: /, ''),
          'correct steward.yml, then `steward people check`',
        );
      await checkPolicies(loaded, say);
      await checkSources(loaded, say);
      await checkModel(env, loaded, say);
    }
    if (database && loaded) {
      const made = await makeServices({ env, log: makeLogger('silent'), loaded, database });
      for (const line of await readSystem(made.services, made.services.clock.now()))
        say(line.name, line.level, line.text, line.level === 'ok' ? undefined : remedies[line.name]);
      await checkPlannedWork(made.services, loaded, say);
      await made.close();
    }
  } catch (error) {
    say('Services', 'error', reasonOf(error), 'correct what it names');
  } finally {
    await database?.close();
  }
  return checks;
}

const remedies: Record<string, string> = {
  Work: 'start a worker: `steward serve` or `steward serve --worker-only`',
  'Given up': 'read the log of these failures; mend the cause and ask again',
  Catalog: '`steward catalog sync` says what is wrong with each source',
  People: 'people appear when they first write to Steward, or by `slack:` in steward.yml',
};
