/** What tests use of the load parts: repeatable random numbers. */
export { createRandom, type Random } from './random.ts';
