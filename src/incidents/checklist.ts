import type { Trx } from '../db/database.js';
import type { Services } from '../services.js';
import { brokenAssets } from './blast/store.js';
import type { Incident } from './incident.js';

const maxSteps = 20;

/** Steps of a runbook as its asset's owner wrote it: list lines, checkboxes, or sentences separated by semicolons. A link is kept as one step. */
export function readRunbook(text: string): string[] {
  const trimmed = text.trim();
  if (/^https?:\/\/\S+$/.test(trimmed)) return [`Follow the runbook: ${trimmed}`];
  const lines = trimmed
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*(?:[-*+]|\d+[.)])\s*(?:\[[ xX]\]\s*)?/, '').trim());
  const steps = lines.length > 1 ? lines : trimmed.split(/\s*;\s+/);
  return steps
    .filter((step) => step !== '' && !/^#+\s/.test(step))
    .slice(0, maxSteps)
    .map((step) => step.slice(0, 300));
}

/** Opens the incident's card with the runbook of what is broken, as a checklist to tick. */
export async function startChecklist(
  services: Services,
  trx: Trx,
  incident: Pick<Incident, 'id'>,
  now: Date,
): Promise<void> {
  const { view } = services.catalog.current();
  const steps: { title: string; key: string }[] = [];
  for (const assetId of await brokenAssets(trx, incident.id)) {
    const asset = view.get(assetId);
    if (asset?.runbook === undefined) continue;
    for (const [index, title] of readRunbook(asset.runbook).entries())
      steps.push({ title, key: `runbook:${assetId}:${index}` });
  }
  if (steps.length === 0) return;
  const last = await lastTaskNumber(trx, incident.id);
  await trx
    .insertInto('incident_task')
    .values(
      steps.slice(0, maxSteps).map(({ title, key }, index) => ({
        incident_id: incident.id,
        number: last + index + 1,
        kind: 'checklist' as const,
        title,
        source_key: key,
        created_at: now,
        updated_at: now,
      })),
    )
    .onConflict((conflict) => conflict.columns(['incident_id', 'source_key']).doNothing())
    .execute();
}

export async function lastTaskNumber(trx: Trx, incidentId: string): Promise<number> {
  const row = await trx
    .selectFrom('incident_task')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('incident_id', '=', incidentId)
    .executeTakeFirst();
  return Number(row?.last ?? 0);
}
