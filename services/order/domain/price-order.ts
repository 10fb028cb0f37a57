import type { FeeTerms } from '#platform/money/fees.ts';
import { holdMicros, lotsForAmount } from './fees.ts';
import { checkValue, type Instrument, isTooLarge, toLots, toTicks } from './instrument.ts';
import { cashText, type Refusal, sharesText, valueMicros } from './order.ts';
import { type MarketPrices, protectionPriceTicks } from './protection-price.ts';
import type { Terms } from './terms.ts';
import { conditionsRefusal, type TradingConditions } from './trading-conditions.ts';

/** Terms in ticks and lots of a book. Price and lots are 0 where a refusal leaves them unknown. */
export type PricedOrder = {
  priceTicks: bigint;
  quantityLots: bigint;
  notionalMicros: bigint;
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
  const lotCostMicros = valueMicros(instrument, 1n, priceTicks);
  const quantityLots =
    size.kind === 'quantity' ? givenLots : lotsForAmount(feeTerms(input), size.cashMicros, lotCostMicros);
  const notionalMicros = quantityLots * lotCostMicros;
  if (terms.type === 'limit') checkValue(notionalMicros, 'terms.quantity');
  const refusal =
    conditionsRefusal(conditions, { market: terms.type === 'market', notionalMicros }) ??
    priceRefusal(input, { quantityLots, lotCostMicros });
  return { priceTicks, quantityLots, notionalMicros, refusal };
}

/** What is wrong with an order at the price of the moment alone: a refusal, and as such the answer to its key, whatever the price is later. */
function priceRefusal(
  input: PricingInput,
  { quantityLots, lotCostMicros }: { quantityLots: bigint; lotCostMicros: bigint },
): Refusal | undefined {
  const { instrument } = input;
  const { size } = input.terms;
  if (size.kind === 'amount' && quantityLots === 0n) {
    const lotCost = cashText(holdMicros(feeTerms(input), 'buy', lotCostMicros));
    return { reason: 'AMOUNT_BELOW_LOT', metadata: { amount: cashText(size.cashMicros), lot_cost: lotCost } };
  }
  const notionalMicros = quantityLots * lotCostMicros;
  if (!isTooLarge(instrument, quantityLots, notionalMicros)) return undefined;
  const metadata = { quantity: sharesText(instrument, quantityLots), notional: cashText(notionalMicros) };
  return { reason: 'ORDER_TOO_LARGE', metadata };
}

function feeTerms({ conditions: { makerBps, takerBps }, instrument: { tickLotMicros } }: PricingInput): FeeTerms {
  return { makerBps, takerBps, tickLotMicros };
}

function unpriced({ terms, conditions, prices }: PricingInput, quantityLots: bigint): PricedOrder {
  const byMarket: Refusal = prices?.halted
    ? { reason: 'INSTRUMENT_HALTED', metadata: { symbol: terms.symbol } }
    : { reason: 'NO_REFERENCE_PRICE', metadata: { symbol: terms.symbol } };
  const refusal = conditionsRefusal(conditions, { market: terms.type === 'market', notionalMicros: 0n }) ?? byMarket;
  return { priceTicks: 0n, quantityLots, notionalMicros: 0n, refusal };
}
