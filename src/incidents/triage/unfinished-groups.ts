import type { Db, Trx } from '../../db/database.js';
import { openStates } from '../transitions.js';

/** Groups of alerts that fire and whose incident is not over: as a subquery of their ids. */
export function unfinishedGroups(db: Db | Trx) {
  return db
    .selectFrom('alert_group')
    .innerJoin('incident', 'incident.id', 'alert_group.incident_id')
    .select('alert_group.id')
    .where('alert_group.state', '=', 'open')
    .where('alert_group.status', '=', 'firing')
    .where('incident.state', 'in', [...openStates]);
}
