import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListedOrderSchema, Order, PlaceOrderListRequestSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { ListType, OrderType } from '#gen/outcry/trading/v1/trading_pb.ts';
import { limitTerms } from './terms.ts';

type ListInit = MessageInitShape<typeof PlaceOrderListRequestSchema>;
type ListedInit = MessageInitShape<typeof ListedOrderSchema>;

/** How far orders are. */
export function shownLots(orders: readonly Order[]) {
  return orders.map(({ status, quantity, filledQuantity }) => ({ status, quantity, filledQuantity }));
}

/** An order of a list under key `<list key>-<index>`. */
export function listed(listKey: string, index: number, terms: ListedInit['terms']): ListedInit {
  return { clientOrderId: `${listKey}-${index}`, terms };
}

/** A bracket: a buy of ten shares of ACME at 50, with a limit of 60 and a stop at 40, but for what is given. */
export function bracketOf(key: string, entry: ListedInit['terms'] = limitTerms('buy', '10', '50')): ListInit {
  const stop = { type: OrderType.STOP, stopPrice: '40', limitPrice: '35' };
  return {
    clientListId: key,
    type: ListType.BRACKET,
    orders: [
      listed(key, 0, entry),
      listed(key, 1, limitTerms('sell', '10', '60')),
      listed(key, 2, limitTerms('sell', '10', '', stop)),
    ],
  };
}

/** Two sales of ten shares of ACME, of which one trades. */
export function ocoOf(key: string, first = listed(key, 0, limitTerms('sell', '10', '60'))): ListInit {
  const stop = { type: OrderType.STOP, stopPrice: '40', limitPrice: '35' };
  return {
    clientListId: key,
    type: ListType.OCO,
    orders: [first, listed(key, 1, limitTerms('sell', '10', '', stop))],
  };
}
