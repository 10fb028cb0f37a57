import { amountMax } from '#platform/money/grid.ts';
import { type HoldRequest, hasPositionLimit } from './admit-hold.ts';
import { balanceKeyText } from './balance-sheet.ts';
import { heldAmount, heldAsset, unfilled } from './hold.ts';

/** A request that is admitted whenever its amount is available, the account is active and its order id is new. */
export type PlainHold = {
  /** Its place among the requests of the group, from 0. */
  index: number;
  request: HoldRequest;
  /** What it holds, in the smallest unit of its asset. */
  amount: bigint;
};

/**
 * The requests of a group that are plain, in order: those of a balance are plain together or not at all, as each takes from what the next
 * one needs. They are not where one of them has a position limit, an order id that comes twice, or more than any balance can have.
 */
export function findPlainHolds(requests: readonly HoldRequest[]): PlainHold[] {
  const balanceOf = new Map<string, string>();
  const involved = new Set<string>();
  const candidates = requests.map((request, index) => {
    const { orderId, terms } = request;
    const amount = heldAmount(terms, unfilled);
    const balance = balanceKeyText({ accountId: terms.accountId, asset: heldAsset(terms) });
    const earlier = balanceOf.get(orderId);
    if (earlier !== undefined) involved.add(earlier).add(balance);
    balanceOf.set(orderId, balance);
    if (amount > amountMax || hasPositionLimit(request)) involved.add(balance);
    return { index, request, amount, balance };
  });
  return candidates.filter(({ balance }) => !involved.has(balance));
}
