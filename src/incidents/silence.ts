import type { Services } from '../services.js';
import { finishAlert } from './alerts/alert.js';
import { keepAlerts } from './alerts/process.js';

/**
 * A source that is expected to say something regularly and does not is itself an alert. Runs by schedule; opens one alert per silence
 * and lets it recover when the source is heard again.
 */
export async function watchSilence(services: Services, now: Date): Promise<void> {
  for (const { source, id, expectEvery } of services.config.incidents.endpoints) {
    if (expectEvery === undefined) continue;
    const key = `${source}/${id}`;
    await services.db.transaction().execute(async (trx) => {
      // Counted from the first look where it was never heard at all.
      await trx
        .insertInto('alert_endpoint')
        .values({ key, last_at: now })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute();
      const row = await trx
        .selectFrom('alert_endpoint')
        .selectAll()
        .where('key', '=', key)
        .forUpdate()
        .executeTakeFirstOrThrow();
      const silent = now.getTime() - row.last_at.getTime() > expectEvery;
      const known = await trx
        .selectFrom('alert')
        .select(['status'])
        .where('source', '=', 'steward')
        .where('endpoint', '=', key)
        .orderBy('at', 'desc')
        .orderBy('received_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (silent === (known?.status === 'firing')) return;
      if (!silent && known === undefined) return;
      const at = silent ? new Date(row.last_at.getTime() + expectEvery) : row.last_at;
      const alert = finishAlert(
        'steward',
        { endpoint: key, receivedAt: now },
        {
          status: silent ? 'firing' : 'resolved',
          kind: 'freshness',
          severity: 'error',
          title: silent ? `${key} has gone silent` : `${key} is heard again`,
          description: silent
            ? `Nothing since ${row.last_at.toISOString()}; alerts of this source may be missing.`
            : '',
          url: null,
          asset: null,
          column: null,
          owners: [],
          at,
          dataSince: row.last_at,
          run: null,
          labels: { endpoint: key },
          identity: ['silence', key],
        },
      );
      await keepAlerts(services, trx, [alert], now);
      await trx
        .updateTable('alert_endpoint')
        .set({ silent_since: silent ? at : null })
        .where('key', '=', key)
        .execute();
    });
  }
}
