/** The greatest rate that a system holds, found by trying. */

/** Where the search begins and how far it goes. */
export type KneeSearch = {
  /** First rate that is tried, a second. */
  first: number;
  /** No greater rate is tried. */
  max: number;
  /** Ends once the rate that held and the one that did not differ by at most this share of the former. */
  precision: number;
  /** Most tries. */
  triesMax: number;
};

/** `held`: the greatest rate at which all thresholds held, 0 when none did. `broken`: the least that broke one, absent when none did. */
export type Knee = { held: number; broken?: number };

const growth = 2;

/** Doubles the rate until `holds` says no, then halves the gap between what held and what did not. Rejects when a try does. */
export async function findKnee(search: KneeSearch, holds: (rate: number) => Promise<boolean>): Promise<Knee> {
  const { first, max, precision, triesMax } = search;
  let held = 0;
  let broken: number | undefined;
  let rate = Math.min(first, max);
  for (let tries = 0; tries < triesMax; tries += 1) {
    if (await holds(rate)) held = rate;
    else broken = rate;
    if (broken === undefined && held >= max) break;
    if (broken !== undefined && broken - held <= Math.max(1, precision * held)) break;
    rate = broken === undefined ? Math.min(max, held * growth) : Math.round((held + broken) / 2);
  }
  return broken === undefined ? { held } : { held, broken };
}
