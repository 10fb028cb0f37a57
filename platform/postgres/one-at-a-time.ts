/** @deprecated The former name of `platform/concurrency/mutex.ts`. */
export { createMutex as oneAtATime } from '#platform/concurrency/mutex.ts';
