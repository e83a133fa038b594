import type { StewardConfig } from '../config/steward-schema.js';

/** What people call a team: its name in steward.yml, else its id. */
export function teamName(config: Pick<StewardConfig, 'teams'>, id: string): string {
  return config.teams.find((team) => team.id === id)?.name ?? id;
}
