import { holdCents, lotsForAmount } from './fees.ts';
import { checkValue, type Instrument, isTooLarge, toLots, toTicks } from './instrument.ts';
import { cashText, type Refusal, sharesText, valueCents } from './order.ts';
import { type MarketPrices, protectionPriceTicks } from './protection-price.ts';
import type { Terms } from './terms.ts';
import { conditionsRefusal, type TradingConditions } from './trading-conditions.ts';

/** Terms in ticks and lots of a book. Price and lots are 0 where a refusal leaves them unknown. */
export type PricedOrder = {
  priceTicks: bigint;
  quantityLots: bigint;
  notionalCents: bigint;
  /** Refusal before anything is sent; undefined when there is none. */
  refusal: Refusal | undefined;
};

/** What an order is priced by. */
export type PricingInput = {
  terms: Terms;
  instrument: Instrument;
  conditions: TradingConditions;
  /** Needed for market orders only. */
  prices: MarketPrices | undefined;
  /** How far beyond the market a market order may trade, in basis points. */
  collarBps: number;
};

/** Turns terms into ticks and lots and checks them against the account's conditions. Throws TermsError. */
export function priceOrder(input: PricingInput): PricedOrder {
  const { terms, instrument, conditions, prices } = input;
  const { size, limitPriceMicros } = terms;
  // Tick and lot size first: terms that no state of the market makes valid are not stored under the key.
  const givenLots = size.kind === 'quantity' ? toLots(instrument, size.micros, 'terms.quantity') : 0n;
  const limitTicks = limitPriceMicros && toTicks(instrument, limitPriceMicros, 'terms.limit_price');
  const priceTicks = limitTicks ?? (prices && protectionPriceTicks(instrument, terms.side, prices, input.collarBps));
  if (priceTicks === undefined || prices?.halted) return unpriced(input, givenLots);
  const lotCents = valueCents(instrument, 1n, priceTicks);
  const quantityLots = size.kind === 'quantity' ? givenLots : lotsForAmount(conditions, size.cents, lotCents);
  const notionalCents = quantityLots * lotCents;
  if (terms.type === 'limit') checkValue(notionalCents, 'terms.quantity');
  const refusal =
    conditionsRefusal(conditions, { market: terms.type === 'market', notionalCents }) ??
    priceRefusal(input, { quantityLots, lotCents });
  return { priceTicks, quantityLots, notionalCents, refusal };
}

/** What is wrong with an order at the price of the moment alone: a refusal, and as such the answer to its key, whatever the price is later. */
function priceRefusal(
  { terms: { size }, instrument, conditions }: PricingInput,
  { quantityLots, lotCents }: { quantityLots: bigint; lotCents: bigint },
): Refusal | undefined {
  if (size.kind === 'amount' && quantityLots === 0n) {
    const lotCost = cashText(holdCents(conditions, 'buy', lotCents));
    return { reason: 'AMOUNT_BELOW_LOT', metadata: { amount: cashText(size.cents), lot_cost: lotCost } };
  }
  const notionalCents = quantityLots * lotCents;
  if (!isTooLarge(instrument, quantityLots, notionalCents)) return undefined;
  const metadata = { quantity: sharesText(instrument, quantityLots), notional: cashText(notionalCents) };
  return { reason: 'ORDER_TOO_LARGE', metadata };
}

function unpriced({ terms, conditions, prices }: PricingInput, quantityLots: bigint): PricedOrder {
  const byMarket: Refusal = prices?.halted
    ? { reason: 'INSTRUMENT_HALTED', metadata: { symbol: terms.symbol } }
    : { reason: 'NO_REFERENCE_PRICE', metadata: { symbol: terms.symbol } };
  const refusal = conditionsRefusal(conditions, { market: terms.type === 'market', notionalCents: 0n }) ?? byMarket;
  return { priceTicks: 0n, quantityLots, notionalCents: 0n, refusal };
}
