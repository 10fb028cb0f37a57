import type { ListedOrder, OrderTerms } from '#gen/outcry/order/v1/order_pb.ts';
import type { ListType as ListTypeMessage } from '#gen/outcry/trading/v1/trading_pb.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import { atLeg, checkList, type ListedTerms } from '../../domain/list-terms.ts';
import type { ListType } from '../../domain/order-list.ts';
import { TermsError } from '../../domain/terms-error.ts';
import { fromListType } from './enums.ts';
import { fromTerms } from './terms-message.ts';

/** Type and orders of a list whose terms fit together. */
export type ReadList = { type: ListType; legs: ListedTerms[] };

const ordersMax = 3;

/** Reads the orders of a list, each with its key. Throws TermsError, and INVALID_ARGUMENT for a key that is none. */
export function fromListedOrders(type: ListTypeMessage, orders: readonly ListedOrder[]): ReadList {
  return readList(type, orders, ({ clientOrderId, terms }, index) => ({
    clientOrderId: readKey(clientOrderId, `orders[${index}].client_order_id`),
    terms: atLeg(index, () => fromTerms(terms)),
  }));
}

/** Reads the terms of a list that is previewed. Throws TermsError. */
export function fromPreviewedTerms(type: ListTypeMessage, orders: readonly OrderTerms[]): ReadList {
  return readList(type, orders, (terms, index) => ({
    clientOrderId: String(index),
    terms: atLeg(index, () => fromTerms(terms)),
  }));
}

function readList<T>(
  typeMessage: ListTypeMessage,
  orders: readonly T[],
  read: (order: T, index: number) => ListedTerms,
): ReadList {
  const type = fromListType(typeMessage);
  if (type === undefined) throw new TermsError('type', 'must be OCO, OTO or BRACKET');
  if (orders.length > ordersMax) throw new TermsError('orders', `must be at most ${ordersMax}`);
  const legs = orders.map(read);
  checkList(type, legs);
  return { type, legs };
}
