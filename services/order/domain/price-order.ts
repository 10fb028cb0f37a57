import type { FeeTerms } from '#platform/money/fees.ts';
import { holdMicros } from './fees.ts';
import { checkValue, type Instrument, isTooLarge, toLots, toTicks } from './instrument.ts';
import { cashText, type Refusal, sharesText, valueMicros } from './order.ts';
import { tradesAtMarket } from './order-kind.ts';
import { type PricedAmount, priceAmount } from './price-amount.ts';
import type { MarketPrices } from './protection-price.ts';
import type { SpecialTerms } from './special-terms.ts';
import { specialsOnGrid } from './specials-on-grid.ts';
import type { Terms } from './terms.ts';
import { conditionsRefusal, type TradingConditions } from './trading-conditions.ts';
import { worstPriceTicks } from './worst-price.ts';

/** Terms in ticks and lots of a book. Price and lots are 0 where a refusal leaves them unknown. */
export type PricedOrder = {
  /** The worst price at which it may trade: what it holds follows from it. */
  priceTicks: bigint;
  quantityLots: bigint;
  /** Lots that it would buy or sell at the prices of the moment: of an order by amount an estimate, of all others those ordered. */
  estimatedLots: bigint;
  /** Value that it may trade at most. */
  notionalMicros: bigint;
  specials: SpecialTerms | undefined;
  /** Refusal before anything is sent; undefined when there is none. */
  refusal: Refusal | undefined;
};

/** What an order is priced by. */
export type PricingInput = {
  terms: Terms;
  instrument: Instrument;
  conditions: TradingConditions;
  /** Needed where `isPricedByMarket` only. */
  prices: MarketPrices | undefined;
  /** How far beyond the market or its stop price an order without a limit may trade, in basis points. */
  collarBps: number;
};

/** Whether the worst price follows from the market of the moment: of a market order, and of a trailing stop that states none. */
export function isPricedByMarket({ type, limitPriceMicros }: Terms): boolean {
  return type === 'market' || (type === 'trailing-stop' && limitPriceMicros === undefined);
}

/** Turns terms into ticks and lots and checks them against the account's conditions. Throws TermsError. */
export function priceOrder(input: PricingInput): PricedOrder {
  const { terms, instrument, conditions, prices, collarBps } = input;
  const { size, limitPriceMicros } = terms;
  // Tick and lot size first: terms that no state of the market makes valid are not stored under the key.
  const givenLots = size.kind === 'quantity' ? toLots(instrument, size.micros, 'terms.quantity') : 0n;
  const limitTicks = limitPriceMicros && toTicks(instrument, limitPriceMicros, 'terms.limit_price');
  const specials = specialsOf(input, givenLots);
  const priceTicks = limitTicks ?? worstPriceTicks({ terms, specials, instrument, prices, collarBps });
  if (priceTicks === undefined || prices?.halted) return { ...unpriced(input, givenLots), specials };
  const priced =
    size.kind === 'amount' && prices
      ? priceAmount(instrument, size.cashMicros, { fees: feeTerms(input), prices, collarBps })
      : priceLots(instrument, givenLots, priceTicks);
  const { quantityLots, estimatedLots, notionalMicros } = priced;
  if (!isPricedByMarket(terms)) checkValue(notionalMicros, 'terms.quantity');
  const refusal =
    conditionsRefusal(conditions, { market: tradesAtMarket(terms.type), notionalMicros }) ??
    priceRefusal(input, priced);
  return { priceTicks, quantityLots, estimatedLots, notionalMicros, specials, refusal };
}

function specialsOf({ terms, instrument }: PricingInput, givenLots: bigint): SpecialTerms | undefined {
  const specials = terms.specials && specialsOnGrid(instrument, terms.specials, givenLots);
  return terms.size.kind === 'amount' ? { ...specials, amountMicros: terms.size.cashMicros } : specials;
}

function priceLots(instrument: Instrument, lots: bigint, priceTicks: bigint): PricedAmount {
  const lotCostMicros = valueMicros(instrument, 1n, priceTicks);
  return { quantityLots: lots, estimatedLots: lots, notionalMicros: lots * lotCostMicros, lotCostMicros };
}

/** What is wrong with an order at the price of the moment alone: a refusal, and as such the answer to its key, whatever the price is later. */
function priceRefusal(
  input: PricingInput,
  { estimatedLots, notionalMicros, lotCostMicros }: PricedAmount,
): Refusal | undefined {
  const { instrument } = input;
  const { size } = input.terms;
  if (size.kind === 'amount' && estimatedLots === 0n) {
    const lotCost = cashText(holdMicros(feeTerms(input), 'buy', lotCostMicros));
    return { reason: 'AMOUNT_BELOW_LOT', metadata: { amount: cashText(size.cashMicros), lot_cost: lotCost } };
  }
  if (!isTooLarge(instrument, estimatedLots, notionalMicros)) return undefined;
  const metadata = { quantity: sharesText(instrument, estimatedLots), notional: cashText(notionalMicros) };
  return { reason: 'ORDER_TOO_LARGE', metadata };
}

function feeTerms({ conditions: { makerBps, takerBps }, instrument: { tickLotMicros } }: PricingInput): FeeTerms {
  return { makerBps, takerBps, tickLotMicros };
}

function unpriced({ terms, conditions, prices }: PricingInput, quantityLots: bigint): Omit<PricedOrder, 'specials'> {
  const byMarket: Refusal = prices?.halted
    ? { reason: 'INSTRUMENT_HALTED', metadata: { symbol: terms.symbol } }
    : { reason: 'NO_REFERENCE_PRICE', metadata: { symbol: terms.symbol } };
  const market = tradesAtMarket(terms.type);
  const refusal = conditionsRefusal(conditions, { market, notionalMicros: 0n }) ?? byMarket;
  return { priceTicks: 0n, quantityLots, estimatedLots: quantityLots, notionalMicros: 0n, refusal };
}
