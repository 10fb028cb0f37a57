/** @deprecated The former name of `join-on-shutdown.ts`. */
export { joinOnShutdown as runWhileUp } from './join-on-shutdown.ts';
