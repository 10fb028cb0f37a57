import { lotsForAmount } from './fees.ts';
import type { Instrument } from './instrument.ts';
import { checkValue, toLots, toTicks } from './instrument.ts';
import type { Refusal } from './order.ts';
import { valueCents } from './order.ts';
import type { MarketPrices } from './protection-price.ts';
import { protectionPriceTicks } from './protection-price.ts';
import type { Terms } from './terms.ts';
import { TermsError } from './terms-error.ts';
import type { Conditions } from './trading-conditions.ts';
import { conditionsRefusal } from './trading-conditions.ts';

/** What the terms come to in the book. Price and lots are 0 when the refusal left them unknown. */
export type PricedOrder = {
  priceTicks: bigint;
  quantityLots: bigint;
  notionalCents: bigint;
  /** Why it is refused before it is sent anywhere; undefined: it is not. */
  refusal: Refusal | undefined;
};

/** What an order is priced by. `prices` is needed for market orders only. */
export type PricingInput = {
  terms: Terms;
  instrument: Instrument;
  conditions: Conditions;
  prices: MarketPrices | undefined;
  /** How far beyond the market a market order may trade, in basis points. */
  collarBps: number;
};

/** Turns terms into ticks and lots and checks them against the account's conditions. Throws TermsError. */
export function priceOrder(input: PricingInput): PricedOrder {
  const { terms, instrument, conditions, prices } = input;
  const { size, limitPriceMicros } = terms;
  // The grid is checked first: what can never be meant is not kept under the key.
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

function lotsOfAmount(instrument: Instrument, conditions: Conditions, cents: bigint, priceTicks: bigint): bigint {
  const lots = lotsForAmount(conditions, cents, valueCents(instrument, 1n, priceTicks));
  if (lots < 1n) throw new TermsError('terms.amount', 'buys less than one lot at the protection price');
  return lots;
}
