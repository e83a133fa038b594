export { alertmanagerBody as grafanaBody } from '../alertmanager/schema.js';
