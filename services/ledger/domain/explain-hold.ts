import { neededAmount } from './amended-amount.ts';
import { formatAmount } from './asset.ts';
import { type Hold, type HoldProgress, type HoldTerms, heldAmount, heldAsset } from './hold.ts';
import { exitsAmount, isExit, liveLeg } from './list-hold.ts';
import { isExitHold, type LegHold } from './settle-list.ts';

/** An order as the order service knows it at the cut. */
export type OrderAtCut = {
  orderId: string;
  terms: HoldTerms;
  progress: HoldProgress;
  /** On its way to another state: its hold may stand or not. */
  isPending: boolean;
};

/** Expected and found, as texts; undefined when they agree. */
export type Difference = { expected: string; found: string } | undefined;

/** Compares the amount of a hold with the one that its own terms and progress give. */
export function checkHoldAmount(hold: Hold): Difference {
  const asset = heldAsset(hold.terms);
  const expected = neededAmount(hold.terms, hold.progress, hold.amendment);
  return expected === hold.amount
    ? undefined
    : { expected: describe(asset, expected), found: describe(asset, hold.amount) };
}

/** Compares what the exits of a list hold together with what its open legs give. */
export function checkExits(open: readonly LegHold[]): Difference {
  const exits = open.filter(isExitHold);
  const [first] = exits;
  if (first === undefined) return undefined;
  const entry = open.find(({ leg }) => !isExit(leg.role));
  const asset = heldAsset(first.terms);
  const expected = exitsAmount(entry && liveLeg(entry), exits.map(liveLeg));
  const found = exits.reduce((sum, { amount }) => sum + amount, 0n);
  return expected === found ? undefined : { expected: describe(asset, expected), found: describe(asset, found) };
}

/**
 * Compares an order with its hold: an open order must have exactly what its terms and fills give; a pending one has no hold, or one
 * for the same owner and asset.
 */
export function checkOrderHold(order: OrderAtCut, hold: Hold | undefined): Difference {
  const open = hold?.state === 'open' ? hold : undefined;
  const asset = heldAsset(order.terms);
  const expected = describe(asset, heldAmount(order.terms, order.progress), order.terms.accountId);
  if (!open) return order.isPending ? undefined : { expected, found: 'no open hold' };
  const found = describe(heldAsset(open.terms), open.amount, open.terms.accountId);
  const sameOwner = open.terms.accountId === order.terms.accountId && heldAsset(open.terms) === asset;
  if (order.isPending) return sameOwner ? undefined : { expected, found };
  return expected === found ? undefined : { expected, found };
}

function describe(asset: string, amount: bigint, accountId?: string): string {
  const text = `${formatAmount(asset, amount)} ${asset}`;
  return accountId === undefined ? text : `${text} of account ${accountId}`;
}
