import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';
import { type OutsideContext, OutsideError, requireOk } from '../pager.js';

export const opsgenieEntry = z.strictObject({
  type: z.literal('opsgenie'),
  name: z.string(),
  apiKey: secretRef,
  apiUrl: z.string().default('https://api.opsgenie.com'),
});
const onCalls = z.object({ data: z.object({ onCallRecipients: z.array(z.string()).default([]) }) });

/** Opsgenie is being retired (2027-04): only its on-call look-up, for those who still keep their rota there. */
export async function opsgenieOnCall(
  context: OutsideContext,
  rawEntry: unknown,
  schedule: string,
  now: Date,
): Promise<string[]> {
  const entry = opsgenieEntry.parse(rawEntry);
  const key = context.secret(entry.apiKey.env);
  if (!key) throw new OutsideError(`${entry.apiKey.env} is not set`, { status: 0, final: true });
  const query = new URLSearchParams({
    scheduleIdentifierType: 'name',
    flat: 'true',
    date: now.toISOString(),
  });
  const response = await context.fetch(
    `${entry.apiUrl}/v2/schedules/${encodeURIComponent(schedule)}/on-calls?${query.toString()}`,
    { headers: { authorization: `GenieKey ${key}` }, signal: context.signal },
  );
  return onCalls
    .parse(await (await requireOk(response, 'Opsgenie')).json())
    .data.onCallRecipients.map((email) => email.toLowerCase());
}
