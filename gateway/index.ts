/** What tests use of the gateway; nothing else of it is imported from outside. */
export { publicServices } from './contracts.ts';
