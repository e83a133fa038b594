import { makeTestDatabase } from '../../../test/helpers/database.js';
import { makeTestServices, type TestServices } from '../../../test/helpers/services.js';
import { makeApprovals } from '../../approvals/make-approvals.js';
import type { Actor } from '../../audit/record.js';
import { incidentActions } from '../authority.js';
import { declareIncident } from '../declare.js';
import { type Incident, loadIncident } from '../incident.js';
import { sampleConfig, sampleId, sampleSnapshot } from './sample.js';

type Declare = Parameters<typeof declareIncident>[1];

export interface IncidentWorld {
  services: TestServices;
  ivo: Actor;
  /** Ivo declares that the raw orders are broken, a new incident each time. */
  declared: (more?: Partial<Declare>) => Promise<Incident>;
  /** The incident as it is now. */
  again: (id: string) => Promise<Incident>;
}

/** The sample company in a database of the file's own; `usual` is what its incidents are declared with. */
export async function makeIncidentWorld(usual: Partial<Declare> = {}): Promise<IncidentWorld> {
  const services = await makeTestServices({
    database: await makeTestDatabase(),
    config: sampleConfig,
    catalog: { shop: sampleSnapshot },
    actions: [incidentActions],
    approvals: (made) => makeApprovals(made, { subjects: {} }),
  });
  const ivo: Actor = {
    personId: await services.personId('ivo@example.com'),
    kind: 'person',
    channel: 'slack',
  };
  let serial = 0;
  return {
    services,
    ivo,
    declared: (more = {}) => {
      serial += 1;
      return declareIncident(services, {
        actor: ivo,
        now: services.clock.now(),
        via: 'command',
        deliveryKey: `declared-${serial}`,
        assetIds: [sampleId('source.shop.orders_raw')],
        ...usual,
        ...more,
      });
    },
    again: async (id) => (await loadIncident(services.db, id)) ?? Promise.reject(new Error('gone')),
  };
}
