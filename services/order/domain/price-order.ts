import { lotsForAmount } from './fees.ts';
import { checkLots, checkValue, type Instrument, toLots, toTicks } from './instrument.ts';
import { type Refusal, valueCents } from './order.ts';
import { type MarketPrices, protectionPriceTicks } from './protection-price.ts';
import type { Terms } from './terms.ts';
import { TermsError } from './terms-error.ts';
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
  const quantityLots =
    size.kind === 'quantity' ? givenLots : lotsOfAmount(instrument, conditions, size.cents, priceTicks);
  const notionalCents = valueCents(instrument, quantityLots, priceTicks);
  checkValue(notionalCents, size.kind === 'quantity' ? 'terms.quantity' : 'terms.amount');
  const refusal = conditionsRefusal(conditions, { market: terms.type === 'market', notionalCents });
  return { priceTicks, quantityLots, notionalCents, refusal };
}

function unpriced({ terms, conditions, prices }: PricingInput, quantityLots: bigint): PricedOrder {
  const byMarket: Refusal = prices?.halted
    ? { reason: 'INSTRUMENT_HALTED', metadata: { symbol: terms.symbol } }
    : { reason: 'NO_REFERENCE_PRICE', metadata: { symbol: terms.symbol } };
  const refusal = conditionsRefusal(conditions, { market: terms.type === 'market', notionalCents: 0n }) ?? byMarket;
  return { priceTicks: 0n, quantityLots, notionalCents: 0n, refusal };
}

function lotsOfAmount(instrument: Instrument, conditions: TradingConditions, cents: bigint, priceTicks: bigint) {
  const lots = lotsForAmount(conditions, cents, valueCents(instrument, 1n, priceTicks));
  if (lots < 1n) throw new TermsError('terms.amount', 'buys less than one lot at the protection price');
  checkLots(instrument, lots, 'terms.amount');
  return lots;
}
