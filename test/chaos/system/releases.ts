/** Which checkout of the sources a replica runs from: those of a run may be of different releases. */
import { readFileSync } from 'node:fs';

/** The variable with the path of a JSON file: a checkout by replica, and under `all` that of the others. */
export const releasesVariable = 'CHAOS_RELEASES';

/**
 * The folder that a replica runs from, read anew at each of its starts; undefined: the checkout of the run itself.
 *
 * @throws Error when the file that is named cannot be read
 */
export function checkoutOf(replica: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const path = env[releasesVariable];
  if (path === undefined) return undefined;
  const checkouts = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  return checkouts[replica] ?? checkouts.all;
}
