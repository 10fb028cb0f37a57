import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { notFound, resourceExhausted } from '#platform/errors/outcry-error.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Saga } from '../deps.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import { type PricedOrder, priceOrder } from '../domain/quote-order.ts';
import { fingerprintOf, type Terms } from '../domain/terms.ts';
import type { Conditions } from '../domain/trading-conditions.ts';
import type { IntentRequest } from './place-intents.ts';

/** An order that someone asks for. */
export type OrderRequest = { accountId: string; clientOrderId: string; terms: Terms };

/** Terms with all that their price and their refusal depend on. */
export type Priced = { instrument: Instrument; conditions: Conditions; priced: PricedOrder };

/** Prices the terms for an account. Throws SYMBOL_UNKNOWN, ACCOUNT_NOT_FOUND and TermsError. */
export async function priceFor(saga: Saga, accountId: string, terms: Terms): Promise<Priced> {
  const [instrument, conditions] = await Promise.all([
    saga.instruments.find(terms.symbol),
    saga.conditions.of(accountId),
  ]);
  if (instrument === undefined) {
    throw notFound(ErrorReason.SYMBOL_UNKNOWN, 'no instrument has this symbol', { symbol: terms.symbol });
  }
  if (conditions === undefined) throw notFound(ErrorReason.ACCOUNT_NOT_FOUND, 'there is no such account');
  const prices = terms.type === 'market' ? await saga.quotes.pricesOf(instrument) : undefined;
  const { collarBps } = saga.limits;
  return { instrument, conditions, priced: priceOrder({ terms, instrument, conditions, prices, collarBps }) };
}

/** The intent of an order, ready to be kept. Throws as `priceFor`, and OVERLOADED while too many events wait for the bus. */
export async function prepareIntent(saga: Saga, request: OrderRequest): Promise<IntentRequest> {
  const waiting = saga.outboxBacklog().events;
  if (waiting > saga.limits.outboxBacklogMax) {
    throw resourceExhausted(ErrorReason.OVERLOADED, 'no new orders are taken at the moment', { retryDelayMs: 5_000 });
  }
  const { instrument, conditions, priced } = await priceFor(saga, request.accountId, request.terms);
  const order = draftOf(request, instrument, conditions, priced);
  return { order, notionalCents: priced.notionalCents, limits: conditions, refusal: priced.refusal };
}

function draftOf(request: OrderRequest, instrument: Instrument, conditions: Conditions, priced: PricedOrder): Order {
  const { terms, accountId, clientOrderId } = request;
  const nowMs = Date.now();
  return {
    orderId: uuidV7(nowMs),
    accountId,
    clientOrderId,
    fingerprint: fingerprintOf(terms),
    state: 'intent',
    version: 0,
    changeSequence: 0n,
    symbol: terms.symbol,
    shard: instrument.shard,
    side: terms.side,
    type: terms.type,
    timeInForce: terms.timeInForce,
    postOnly: terms.postOnly,
    byAmount: terms.size.kind === 'amount',
    house: conditions.house,
    quantityLots: priced.quantityLots,
    priceTicks: priced.priceTicks,
    tickMicros: instrument.tickMicros,
    lotMicros: instrument.lotMicros,
    tickLotCents: instrument.tickLotCents,
    makerBps: conditions.makerBps,
    takerBps: conditions.takerBps,
    positionMaxMicros: conditions.positionMaxMicros,
    filledLots: 0n,
    makerValueCents: 0n,
    takerValueCents: 0n,
    feeCents: 0n,
    cancelRequested: false,
    refusal: undefined,
    compensated: false,
    acceptedPosition: undefined,
    finalPosition: undefined,
    createTimeMs: nowMs,
    updateTimeMs: nowMs,
  };
}
