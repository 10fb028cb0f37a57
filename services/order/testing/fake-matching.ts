/** What an order meets in the fake books. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { NewOrder } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { FakeOrder } from './fake-lists.ts';
import { availableOf, isSpent } from './fake-value.ts';

const { STOP, STOP_LIMIT, TRAILING_STOP } = OrderType;
const { IOC, FOK, UNSPECIFIED } = TimeInForce;
const stopTypes: readonly OrderType[] = [STOP, STOP_LIMIT, TRAILING_STOP];
const immediate: readonly TimeInForce[] = [IOC, FOK, UNSPECIFIED];

/** Whether the order waits for a price first. */
export function isStop({ type }: NewOrder): boolean {
  return stopTypes.includes(type);
}

/** Whether what it does not trade at once rests. */
export function mayRest({ timeInForce }: NewOrder): boolean {
  return !immediate.includes(timeInForce);
}

/** The resting orders that an order may trade with, the best first. */
export function makersFor(resting: readonly FakeOrder[], { symbol, side, priceTicks }: NewOrder): FakeOrder[] {
  const sign = side === Side.BUY ? 1n : -1n;
  return resting
    .filter(({ order }) => order.symbol === symbol && order.side !== side)
    .filter(({ order }) => (priceTicks - order.priceTicks) * sign >= 0n)
    .sort((a, b) => Number((a.order.priceTicks - b.order.priceTicks) * sign));
}

/** Why an order that meets these is refused. */
export function refusalOf(order: NewOrder, makers: readonly FakeOrder[]): ErrorReason | undefined {
  const { postOnly, timeInForce, quantityLots, valueMax } = order;
  const available = availableOf(makers);
  if (postOnly && available > 0n) return ErrorReason.POST_ONLY_WOULD_TRADE;
  const isWhole = valueMax === 0n ? available >= quantityLots : isSpent(valueMax, makers);
  const isShort = timeInForce === TimeInForce.FOK && !isWhole;
  return isShort ? ErrorReason.FILL_OR_KILL_UNFILLED : undefined;
}

/** Lots, and lots times ticks, of all trades in which the order was the taker. */
export function tradedBy(feed: readonly FeedEvent[], takerId: string): { tradedLots: bigint; tradedValue: bigint } {
  let [tradedLots, tradedValue] = [0n, 0n];
  for (const { event } of feed) {
    if (event.case !== 'traded' || event.value.taker?.orderId !== takerId) continue;
    tradedLots += event.value.quantityLots;
    tradedValue += event.value.quantityLots * event.value.priceTicks;
  }
  return { tradedLots, tradedValue };
}

/** A side of a trade as the feed has it. */
export function sideOf({ order: { orderId, accountId, side }, openLots: remainingLots }: FakeOrder) {
  return { orderId, accountId, side, remainingLots };
}
