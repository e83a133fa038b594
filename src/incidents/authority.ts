import type { ActionTable, Role } from '../authority/authority.js';

/** Who runs incidents: those who answer for the data, who is on call, and whoever holds a role in this one. */
const responders: readonly Role[] = ['admin', 'operator', 'data-team', 'owner', 'on-call', 'incident-lead'];

/** Actions of incidents. A person's roles come from `rolesIn` (authority is asked inside the domain functions alone). */
export const incidentActions = {
  'incident.declare': ['member', 'operator', 'admin'],
  'incident.join': ['member', 'admin'],
  'incident.accept': responders,
  'incident.decline': responders,
  'incident.ack': responders,
  'incident.update': [...responders, 'incident-member'],
  'incident.update-exposure': ['admin', 'security'],
  'incident.severity': responders,
  'incident.role': responders,
  'incident.page': responders,
  'incident.task': [...responders, 'incident-member'],
  'incident.link': [...responders, 'incident-member'],
  'incident.note': [...responders, 'incident-member'],
  'incident.assets': responders,
  'incident.state': responders,
  'incident.merge': responders,
  'incident.cancel': responders,
  'incident.close': responders,
  'incident.mute': responders,
  // Who leads may stop the bleeding at once; only security lets people in again.
  'incident.suspend-grants': ['admin', 'security', 'incident-lead', 'owner'],
  'incident.restore-grants': ['admin', 'security'],
  'incident.export': ['member', 'operator', 'admin'],
} satisfies ActionTable;

export type IncidentAction = keyof typeof incidentActions;
