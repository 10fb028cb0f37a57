/** The kinds of order, and what goes with what: rule R25 of the exchange's rulebook, as far as an owner states it. */

/** Type of an order. A market order gets a protection price, and with it is a limit order of the book that does not rest. */
export type OrderType = 'market' | 'limit' | 'stop' | 'stop-limit' | 'trailing-stop' | 'iceberg';

/** How long an order lives: until it is cancelled, the session's end, a time; immediate or cancel, fill or kill; one auction. */
export type TimeInForce = 'gtc' | 'day' | 'gtd' | 'ioc' | 'fok' | 'at-open' | 'at-close';

/** What happens where an order would trade with another one of its account. */
export type SelfTradePrevention = 'cancel-newest' | 'cancel-oldest' | 'cancel-both' | 'decrement';

/** The times in force that go with each type; the first is that of an order which states none. */
export const timesInForceOf: Readonly<Record<OrderType, readonly TimeInForce[]>> = {
  market: ['ioc', 'fok'],
  limit: ['gtc', 'day', 'gtd', 'ioc', 'fok', 'at-open', 'at-close'],
  stop: ['gtc', 'day', 'gtd'],
  'stop-limit': ['gtc', 'day', 'gtd', 'ioc', 'fok'],
  'trailing-stop': ['gtc', 'day', 'gtd'],
  iceberg: ['gtc', 'day', 'gtd', 'at-open', 'at-close'],
};

/** What decides how an order lives. */
type Kind = { type: OrderType; timeInForce: TimeInForce };

/** Whether the order waits outside of the book before it enters. */
export function waits({ type, timeInForce }: Kind): boolean {
  return timeInForce === 'at-close' || type === 'stop' || type === 'stop-limit' || type === 'trailing-stop';
}

/** Whether the order trades like a market order once it is in the book: at any price up to one that its owner need not state. */
export function tradesAtMarket(type: OrderType): boolean {
  return type === 'market' || type === 'stop' || type === 'trailing-stop';
}

/** Whether what does not trade at once may stay in the book. */
export function mayRest({ type, timeInForce }: Kind): boolean {
  return !tradesAtMarket(type) && timeInForce !== 'ioc' && timeInForce !== 'fok';
}

/** Whether an order may rest from its arrival until it is cancelled or its time is over, not only in an auction. */
export function isLasting(timeInForce: TimeInForce): boolean {
  return timeInForce === 'gtc' || timeInForce === 'day' || timeInForce === 'gtd';
}
