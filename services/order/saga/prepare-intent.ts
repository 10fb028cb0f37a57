import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { notFound, resourceExhausted } from '#platform/errors/outcry-error.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { OrderDeps } from '../deps.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order, Refusal } from '../domain/order.ts';
import { isPricedByMarket, type PricedOrder, priceOrder } from '../domain/price-order.ts';
import type { MarketPrices } from '../domain/protection-price.ts';
import { fingerprintOf, type Terms } from '../domain/terms.ts';
import type { TradingConditions } from '../domain/trading-conditions.ts';
import type { IntentRequest } from './place-intents.ts';

/** An order as it was requested. */
export type OrderRequest = {
  accountId: string;
  clientOrderId: string;
  terms: Terms;
  /** What a repeat under the key must have too; default: the terms. */
  fingerprint?: string;
  /** A refusal that was found before; the order has another one only where its terms alone lead to it. */
  refusal?: Refusal | undefined;
};

/** What a repeat of the request must have in common with it. */
export function requestFingerprint({ fingerprint, terms }: Pick<OrderRequest, 'fingerprint' | 'terms'>): string {
  return fingerprint ?? fingerprintOf(terms);
}

/** Terms in ticks and lots, and what they were priced by. */
export type Priced = { instrument: Instrument; conditions: TradingConditions; priced: PricedOrder };

/** Prices the terms for an account, by the market's prices as `pricesFor` gives them. Throws SYMBOL_UNKNOWN, ACCOUNT_NOT_FOUND and TermsError. */
export async function priceFor(
  deps: OrderDeps,
  accountId: string,
  terms: Terms,
  pricesFor: (prices: MarketPrices) => MarketPrices = (prices) => prices,
): Promise<Priced> {
  const [instrument, conditions] = await Promise.all([
    deps.instruments.find(terms.symbol),
    deps.tradingConditions.find(accountId),
  ]);
  if (instrument === undefined) {
    throw notFound(ErrorReason.SYMBOL_UNKNOWN, 'no instrument has this symbol', { symbol: terms.symbol });
  }
  if (conditions === undefined) throw notFound(ErrorReason.ACCOUNT_NOT_FOUND, 'there is no such account');
  const prices = isPricedByMarket(terms) ? pricesFor(await deps.quotes.pricesOf(instrument)) : undefined;
  const { collarBps } = deps.limits;
  return { instrument, conditions, priced: priceOrder({ terms, instrument, conditions, prices, collarBps }) };
}

/**
 * The intent of an order, ready to be admitted. Throws as `priceFor`, OVERLOADED while too many events wait for the bus, and UNAVAILABLE for an
 * order by amount while its shard is served by a release that does not know such orders.
 */
export async function prepareIntent(deps: OrderDeps, request: OrderRequest): Promise<IntentRequest> {
  checkBacklog(deps);
  const { instrument, conditions, priced } = await priceFor(deps, request.accountId, request.terms);
  if (request.terms.size.kind === 'amount') await deps.exchangeRules.requireValues(instrument.shard);
  const order = draftOf(request, { instrument, conditions, priced }, deps.clock.nowMs());
  const { notionalMicros, estimatedLots } = priced;
  return { order, notionalMicros, estimatedLots, limits: conditions, refusal: priced.refusal ?? request.refusal };
}

/** Throws OVERLOADED while too many events wait for the bus: what may trade makes more of them. */
export function checkBacklog({ limits, outboxBacklog }: OrderDeps): void {
  if (outboxBacklog().events <= limits.outboxBacklogMax) return;
  throw resourceExhausted(ErrorReason.OVERLOADED, 'no new orders are taken at the moment', { retryDelayMs: 5_000 });
}

/** An order in state intent as it was requested and priced. */
export function draftOf(request: OrderRequest, { instrument, conditions, priced }: Priced, nowMs: number): Order {
  const { terms, accountId, clientOrderId } = request;
  return {
    orderId: uuidV7(nowMs),
    accountId,
    clientOrderId,
    fingerprint: requestFingerprint(request),
    state: 'intent',
    version: 0,
    changeSequence: 0n,
    symbol: terms.symbol,
    shard: instrument.shard,
    side: terms.side,
    type: terms.type,
    timeInForce: terms.timeInForce,
    postOnly: terms.postOnly,
    specials: priced.specials,
    byAmount: terms.size.kind === 'amount',
    house: conditions.house,
    quantityLots: priced.quantityLots,
    priceTicks: priced.priceTicks,
    tickMicros: instrument.tickMicros,
    lotMicros: instrument.lotMicros,
    tickLotMicros: instrument.tickLotMicros,
    makerBps: conditions.makerBps,
    takerBps: conditions.takerBps,
    positionMaxMicros: conditions.positionMaxMicros,
    filledLots: 0n,
    makerValueMicros: 0n,
    takerValueMicros: 0n,
    feeMicros: 0n,
    cancelRequested: false,
    cancelReason: undefined,
    refusal: undefined,
    revision: 1,
    replaceNumber: 0,
    pendingReplace: undefined,
    compensated: false,
    triggerTimeMs: undefined,
    acceptedPosition: undefined,
    finalPosition: undefined,
    createTimeMs: nowMs,
    updateTimeMs: nowMs,
  };
}
