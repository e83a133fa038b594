import { z } from 'zod';
import type { StewardConfig } from '../../config/steward-schema.js';
import { StartRefusedError } from '../../errors.js';
import { alertSource, alertSources } from './registry.js';

const noOptions = z.strictObject({});

/** Refuses the start when an endpoint names an unknown source, a way its source cannot authenticate, options it does not have, or the same address twice. */
export function checkEndpoints(config: StewardConfig, secret?: (name: string) => string | undefined): void {
  const seen = new Set<string>();
  for (const [index, { source: type, id, auth, options }] of config.incidents.endpoints.entries()) {
    const where = `steward.yml: incidents.endpoints.${index}`;
    const source = alertSource(type);
    if (source === null) {
      throw new StartRefusedError(
        `${where}: no alert source "${type}"; known: ${alertSources.map((known) => known.type).join(', ')}.`,
      );
    }
    if (!source.auth.includes(auth.type)) {
      const note = source.authNote === undefined ? '' : ` (${source.authNote})`;
      throw new StartRefusedError(
        `${where}: ${type} cannot use auth "${auth.type}"${note}; use ${source.auth.join(' or ')}.`,
      );
    }
    const fault = (source.options ?? noOptions).safeParse(options).error?.issues[0];
    if (fault !== undefined)
      throw new StartRefusedError(`${[where, 'options', ...fault.path].join('.')}: ${fault.message}.`);
    if (seen.has(`${type}/${id}`))
      throw new StartRefusedError(`${where}: /webhooks/${type}/${id} is there twice.`);
    seen.add(`${type}/${id}`);
    if (secret !== undefined && auth.secrets.every(({ env }) => (secret(env) ?? '') === '')) {
      throw new StartRefusedError(
        `${auth.secrets[0]?.env ?? 'secret'}: not set; /webhooks/${type}/${id} needs it.`,
      );
    }
  }
}
