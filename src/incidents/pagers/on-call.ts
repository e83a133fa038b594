import { z } from 'zod';
import type { StewardConfig } from '../../config/steward-schema.js';
import { opsgenieOnCall } from './opsgenie/index.js';
import { type OutsideContext, OutsideError } from './pager.js';
import { pagerDutyOnCall } from './pagerduty/index.js';

/** A team's rotation that is kept in a pager, as `teams[].onCall` says it. */
export type PagerSchedule = Exclude<
  NonNullable<StewardConfig['teams'][number]['onCall']>,
  { people: string[] }
>;

/**
 * E-mail addresses of whoever is on call there now, first level first. The pager's address and token are those of the first entry of its kind
 * under `incidents.pagers`.
 * @throws OutsideError in words for the operator
 */
export async function lookUpOnCall(
  context: OutsideContext,
  config: StewardConfig,
  where: PagerSchedule,
  now: Date,
): Promise<string[]> {
  const type = 'pagerduty' in where ? 'pagerduty' : 'opsgenie';
  const entry = config.incidents.pagers.find((pager) => pager.type === type);
  if (entry === undefined)
    throw new OutsideError(`incidents.pagers has no entry of type ${type}`, { status: 0, final: true });
  try {
    return 'pagerduty' in where
      ? await pagerDutyOnCall(context, entry, where.pagerduty.schedule, now)
      : await opsgenieOnCall(context, entry, where.opsgenie.schedule, now);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new OutsideError(`${type} answered something that cannot be read: ${z.prettifyError(error)}`, {
      status: 0,
    });
  }
}
