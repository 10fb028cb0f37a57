/** What other folders use of the dashboards. */
export { dashboards } from './dashboards.ts';
export { observabilityDirectory } from './files.ts';
