import { CENT_SCALE, formatDecimal, PRICE_SCALE, parseDecimal } from '#platform/money/decimal.ts';
import { OrderStatus, Reason, TradingState } from '../engine/model/codes.ts';
import type { Command, Listing } from '../engine/model/commands.ts';

const statusNames: Record<number, string> = {
  [OrderStatus.FILLED]: 'filled',
  [OrderStatus.CANCELLED]: 'cancelled',
  [OrderStatus.REJECTED]: 'rejected',
  [OrderStatus.VOIDED]: 'voided',
};
const stateNames = new Map<number, string>(Object.entries(TradingState).map(([name, state]) => [state, name]));

/**
 * The metadata of a reason by the contract, as text. `detailA` and `detailB` are those of the engine's outcome, `priceTicks` the requested
 * price.
 */
export function reasonMetadata(options: {
  reason: Reason;
  detailA: number;
  detailB: number;
  listing: Listing | undefined;
  priceTicks: number;
}): Record<string, string> {
  const { reason, detailA, detailB, listing, priceTicks } = options;
  const symbol = listing?.symbol ?? '';
  if (reason === Reason.INSTRUMENT_HALTED) return { symbol };
  if (reason === Reason.INSTRUMENT_NOT_TRADING) return { symbol, state: stateNames.get(detailA) ?? '' };
  if (reason === Reason.ORDER_ALREADY_FINAL) return { status: statusNames[detailA] ?? '' };
  if (reason === Reason.ORDER_REVISION_STALE) return { revision: String(detailA) };
  if (reason !== Reason.PRICE_OUT_OF_BAND || listing === undefined) return {};
  const price = (ticks: number) => ticksToPrice(ticks, listing.tickSize);
  return { price: price(priceTicks), low: price(detailA), high: price(detailB) };
}

/**
 * The requested price of a command in ticks, 0 if it has none; for a list that of its first order outside the band from `low` to `high`,
 * else of its first order.
 */
export function askedPriceTicks(command: Command, low: number, high: number): number {
  if (command.kind !== 'submitList') return 'priceTicks' in command ? command.priceTicks : 0;
  const outside = command.orders.find(({ priceTicks }) => priceTicks < low || priceTicks > high);
  return (outside ?? command.orders[0])?.priceTicks ?? 0;
}

/** The decimal price of a number of ticks. */
function ticksToPrice(ticks: number, tickSize: string): string {
  return formatDecimal(BigInt(ticks) * parseDecimal(tickSize, PRICE_SCALE), PRICE_SCALE, CENT_SCALE);
}
