import { create } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { notFound } from '#platform/errors/outcry-error.ts';
import type { OrderDeps } from '../deps.ts';
import {
  type ClosePart,
  type CloseQuantity,
  closeFingerprint,
  closeQuantity,
  type Holding,
  sharesMicrosText,
} from '../domain/close-position.ts';
import type { Order } from '../domain/order.ts';
import { fromTerms } from '../rpc/messages/terms-message.ts';
import { findOrdersByKey } from '../store/find-orders-by-key.ts';
import { type CallEnd, CallTime } from './call-time.ts';
import { joinOrder, placeOrder } from './place-order.ts';
import { retryUntilOutcome } from './retry-until-outcome.ts';

/** A position to close, and the call that waits for it. */
export type CloseRequest = {
  accountId: string;
  clientOrderId: string;
  symbol: string;
  part: ClosePart;
  call: CallEnd;
  /** What the account has of the symbol, when it was read before; default: it is asked for. */
  holding?: Holding;
};

/**
 * Sells a position, or a part of it, by a market order. The key is looked up first: what was decided under it is stored with its order, and
 * what the account has by now does not matter to a repeat. Throws as `placeOrder`, and UNAVAILABLE when the ledger cannot be asked.
 */
export async function closePosition(deps: OrderDeps, request: CloseRequest): Promise<Order> {
  const { accountId, clientOrderId, symbol, part, call } = request;
  const time = new CallTime(deps, call);
  const fingerprint = closeFingerprint(symbol, part);
  const [known] = await findOrdersByKey(deps.db, [request]);
  if (known !== undefined) return joinOrder(deps, known, fingerprint, time);
  const { micros, refusal } = await quantityOf(deps, request, time);
  const terms = fromTerms(
    create(OrderTermsSchema, {
      symbol,
      side: Side.SELL,
      type: OrderType.MARKET,
      timeInForce: TimeInForce.IOC,
      size: { case: 'quantity', value: sharesMicrosText(micros) },
    }),
  );
  return placeOrder(deps, { accountId, clientOrderId, terms, fingerprint, refusal, call });
}

async function quantityOf(
  deps: OrderDeps,
  { accountId, symbol, part, holding }: CloseRequest,
  time: CallTime,
): Promise<CloseQuantity> {
  if (part.kind === 'quantity') return { micros: part.micros, refusal: undefined };
  const instrument = await deps.instruments.find(symbol);
  if (instrument === undefined) {
    throw notFound(ErrorReason.SYMBOL_UNKNOWN, 'no instrument has this symbol', { symbol });
  }
  const read = async () => (await deps.ownedShares.read(accountId, symbol)).shares[0];
  const owned = holding ?? (await retryUntilOutcome(time, read));
  return closeQuantity(instrument, part.percentage, owned ?? { availableMicros: 0n, heldMicros: 0n });
}
