import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// The function is there in contexts that are made after the flag is set.
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Frees all that nothing refers to, so that the one who made the garbage, and not the next, pays for it. */
export function collectGarbage(): void {
  collect();
}
