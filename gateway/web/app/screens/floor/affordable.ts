/** How many shares a sum of cash buys, fee included. */
import { multiplied, roundedDown, roundedUp } from '../../figures/decimal.ts';

const cent = 10_000n;
// What roundings to the cent cost is less than two cents, so that the second step is enough.
const stepsMax = 3;

/** All in millionths but for the rate, which is in hundredths of a percent. */
type Purse = { cash: bigint; price: bigint; feeBps: number; lot: bigint };

/** The greatest multiple of the lot whose cost at the price, with its fee rounded up to the cent, is not more than the cash; 0: none. */
export function affordable({ cash, price, feeBps, lot }: Purse): bigint {
  if (price <= 0n || cash <= 0n) return 0n;
  const rate = 10_000n + BigInt(feeBps);
  let quantity = roundedDown((cash * 1_000_000n * 10_000n) / (price * rate), lot);
  for (let step = 0; step < stepsMax && quantity > 0n; step++) {
    const over = costOf(quantity, price, feeBps) - cash;
    if (over <= 0n) return quantity;
    quantity -= lot + roundedDown((over * 1_000_000n) / price, lot);
  }
  return 0n;
}

function costOf(quantity: bigint, price: bigint, feeBps: number): bigint {
  const value = multiplied(quantity, price);
  const fee = (value * BigInt(feeBps)) / 10_000n;
  return roundedUp(value, cent) + roundedUp(fee, cent);
}
