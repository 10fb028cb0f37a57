/** A share split (R33). */
import { CancelReason, OrderType, quantityMax, Side } from '../../engine/model/codes.ts';
import type { SplitCommand } from '../../engine/model/commands.ts';
import { massCancelOrder } from './reference-book.ts';
import { cancelOrder, emitReplaced, rest } from './reference-changes.ts';
import type { ReferenceBook, ReferenceOrder, ReferenceState } from './reference-state.ts';
import { isStopType, trailingStopPrice } from './reference-stops.ts';

/** Rewrites a book: `numerator` new shares for `denominator` old ones. */
export function splitReference(state: ReferenceState, book: ReferenceBook, ratio: SplitCommand): void {
  const { numerator, denominator } = ratio;
  const { symbol } = book.listing;
  state.events.push({ kind: 'split', symbol, numerator, denominator });
  for (const order of massCancelOrder(book)) {
    if (order.status !== 'live') continue;
    const numbers = numbersAfter(order, ratio);
    if (!isLeft(order, numbers)) {
      cancelOrder(state, order, CancelReason.CORPORATE_ACTION);
      continue;
    }
    Object.assign(order, numbers);
    if (order.followedPrice > 0) order.stopPriceTicks = trailingStopPrice(order);
    if (order.where === 'resting') rest(state, order);
    emitReplaced(state, order, '', true);
  }
  book.listedPrice = referenceAfter(book.listedPrice, ratio);
  book.lastPrice = referenceAfter(book.lastPrice, ratio);
  book.breakerPrice = referenceAfter(book.breakerPrice, ratio);
}

type Numbers = Pick<
  ReferenceOrder,
  'totalLots' | 'openLots' | 'priceTicks' | 'stopPriceTicks' | 'displayLots' | 'trailTicks' | 'followedPrice'
>;

function numbersAfter(order: ReferenceOrder, { numerator, denominator }: SplitCommand): Numbers {
  const lots = (old: number) => Math.floor((old * numerator) / denominator);
  const ticks = (old: number) => (old * denominator) / numerator;
  const capped = (old: number) => (old === 0 ? 0 : Math.min(quantityMax, Math.max(1, Math.floor(old))));
  const isBuy = order.side === Side.BUY;
  const openLots = lots(order.openLots);
  const stopPrice = ticks(order.stopPriceTicks);
  return {
    totalLots: openLots + lots(order.totalLots - order.openLots),
    openLots,
    priceTicks: isBuy ? Math.floor(ticks(order.priceTicks)) : Math.ceil(ticks(order.priceTicks)),
    stopPriceTicks: isBuy ? Math.ceil(stopPrice) : Math.max(1, Math.floor(stopPrice)),
    displayLots: capped((order.displayLots * numerator) / denominator),
    trailTicks: capped(ticks(order.trailTicks)),
    followedPrice: capped(ticks(order.followedPrice)),
  };
}

function isLeft(order: ReferenceOrder, { totalLots, openLots, priceTicks, stopPriceTicks }: Numbers): boolean {
  if (openLots === 0 && order.where !== 'pending') return false;
  // After it has entered, its stop price is irrelevant.
  const hasStopPrice = isStopType(order) && order.type !== OrderType.TRAILING_STOP && order.where !== 'resting';
  return (
    priceTicks >= 1 &&
    priceTicks <= quantityMax &&
    totalLots <= quantityMax &&
    !(hasStopPrice && stopPriceTicks > quantityMax)
  );
}

function referenceAfter(price: number, { numerator, denominator }: SplitCommand): number {
  return price === 0 ? 0 : Math.min(quantityMax, Math.max(1, Math.floor((price * denominator) / numerator)));
}
