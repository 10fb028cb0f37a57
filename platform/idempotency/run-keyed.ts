/** @deprecated The former name of `run-idempotent.ts`. */
export { runIdempotent as runKeyed } from './run-idempotent.ts';
