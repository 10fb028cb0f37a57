/** @deprecated The former name of `run-periodically.ts`. */
export { runPeriodically as runRounds } from './run-periodically.ts';
