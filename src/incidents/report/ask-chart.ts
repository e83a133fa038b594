import type { Actor } from '../../audit/record.js';
import { InvalidInputError } from '../../errors.js';
import { postCard } from '../../jobs/outgoing.js';
import type { Services } from '../../services.js';
import { statisticsCard } from '../schedule.js';

/** Sends the numbers as a picture to whoever asked, by direct message: what is said to one person alone can carry no file. */
export async function askChart(
  services: Services,
  params: { actor: Actor; days: number; deliveryKey: string; now: Date },
): Promise<void> {
  const { personId } = params.actor;
  if (personId === null) throw new InvalidInputError('Only a person can be sent a chart.');
  await services.db.transaction().execute((trx) =>
    postCard(trx, {
      key: `${statisticsCard}:${personId}:${params.deliveryKey}`,
      to: { personId },
      card: { kind: statisticsCard, id: String(params.days), variant: params.now.toISOString() },
      now: params.now,
    }),
  );
}
