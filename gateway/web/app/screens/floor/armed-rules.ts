/** What may be sent by one press, and what is pulled by one. */
import type { Order } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { parseMicros, roundedDown, roundedUp } from '../../figures/decimal.ts';

type Facts = {
  /** Shares, in millionths; undefined: no number. */
  size: bigint | undefined;
  lot: bigint;
  /** Its value at the price, in units of the currency. */
  value: number;
  /** From which value on an order is large; 0: not known. */
  largeFrom: number;
  /** How far its price is beyond the touch, in hundredths of a percent. */
  beyondTouchBps: number;
};

const beyondMaxBps = 200;

/** Why one press does not send it, as a sentence; empty: it does. What is large or far goes through the ticket, which asks. */
export function armedProblem({ size, lot, value, largeFrom, beyondTouchBps }: Facts): string {
  if (size === undefined || size <= 0n || size % lot !== 0n) return 'The size is no multiple of the lot.';
  if (largeFrom <= 0) return 'It is not known yet what you have.';
  if (value >= largeFrom) return 'That is a large order for you: it goes through the ticket.';
  if (beyondTouchBps > beyondMaxBps) return 'That is more than 2\u2009% beyond the market: it goes through the ticket.';
  return '';
}

/** The orders that rest in the row of a ladder: bids are grouped downwards by `step`, asks upwards; what waits for its price is in no row. */
export function restingAt(own: readonly Order[], price: bigint, step: bigint): Order[] {
  return own.filter((order) => {
    if (order.waiting || order.type === OrderType.MARKET) return false;
    const limit = parseMicros(order.limitPrice) ?? 0n;
    return (order.side === Side.SELL ? roundedUp(limit, step) : roundedDown(limit, step)) === price;
  });
}
