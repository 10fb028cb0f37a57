/** What tests use of the load parts: open loops and repeatable random numbers. */
export { type OpenLoopResult, runOpenLoop } from './open-loop.ts';
export { createRandom, type Random } from './random.ts';
export { poissonSchedule } from './schedule.ts';
