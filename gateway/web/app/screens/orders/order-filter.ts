/** Which orders are listed. */
import { OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';

/** States by which orders are listed. */
export const stateFilters = [
  { value: 'all', text: 'All', statuses: [] },
  { value: 'open', text: 'Open', statuses: [OrderStatus.PENDING, OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED] },
  { value: 'filled', text: 'Filled', statuses: [OrderStatus.FILLED] },
  { value: 'cancelled', text: 'Cancelled', statuses: [OrderStatus.CANCELLED] },
  { value: 'refused', text: 'Refused', statuses: [OrderStatus.REJECTED] },
] as const;

/** Sides by which orders are listed. */
export const sideFilters = [
  { value: 'both', text: 'Both', side: Side.UNSPECIFIED },
  { value: 'buy', text: 'Buy', side: Side.BUY },
  { value: 'sell', text: 'Sell', side: Side.SELL },
] as const;

/** What was chosen; `symbol` empty: all. */
export type OrderFilter = {
  state: (typeof stateFilters)[number]['value'];
  side: (typeof sideFilters)[number]['value'];
  symbol: string;
};

/** All orders. */
export const noFilter: OrderFilter = { state: 'all', side: 'both', symbol: '' };

/** The request of a filter; a symbol that no instrument has is left to the server, which says so. */
export function filterRequest({ state, side, symbol }: OrderFilter) {
  return {
    statuses: [...(stateFilters.find(({ value }) => value === state)?.statuses ?? [])],
    side: sideFilters.find(({ value }) => value === side)?.side ?? Side.UNSPECIFIED,
    symbol: symbol.trim().toUpperCase(),
  };
}
