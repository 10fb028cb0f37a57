import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// The function exists in contexts that are made after the flag is set.
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Collects all garbage, so that the next measurement does not pay for that of the last. */
export function collectGarbage(): void {
  collect();
}
