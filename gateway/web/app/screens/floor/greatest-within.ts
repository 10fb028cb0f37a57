/** The most shares whose hold is within a sum of cash. */
import { roundedDown } from '../../figures/decimal.ts';

// A hold grows with the quantity but for the rounding of fees, so that the second step is enough; exits by money take a third.
const stepsMax = 4;

/** All in millionths. */
type Search = {
  /** Where it begins: not less than the answer. */
  start: bigint;
  lot: bigint;
  cash: bigint;
  /** What an order of so many shares would hold; undefined: that is not known, and the search ends. */
  holdOf: (quantity: bigint) => Promise<bigint | undefined>;
};

/** A multiple of the lot, at most a few lots less than the most; 0: none. */
export async function greatestWithin({ start, lot, cash, holdOf }: Search): Promise<bigint> {
  let quantity = roundedDown(start, lot);
  for (let step = 0; step < stepsMax && quantity > 0n; step++) {
    const hold = await holdOf(quantity);
    if (hold === undefined || hold <= cash) return quantity;
    const fitting = cash <= 0n ? 0n : (quantity * cash) / hold;
    // The proportion may be a rounding of the fee too much: the second time a lot less.
    quantity = roundedDown(step === 0 ? fitting : fitting - lot, lot);
  }
  return 0n;
}
