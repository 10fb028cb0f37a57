/** @deprecated The former name of `call-attempt.ts`. */
export { type Attempt, callForMany, callForOne } from './call-attempt.ts';
