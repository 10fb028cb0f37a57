import type { FeeTerms } from '#platform/money/fees.ts';
import { holdMicros, lotsForAmount } from './fees.ts';
import { checkValue, type Instrument, isTooLarge, toLots, toTicks } from './instrument.ts';
import { cashText, type Refusal, sharesText, valueMicros } from './order.ts';
import { tradesAtMarket } from './order-kind.ts';
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
  const specials = terms.specials && specialsOnGrid(instrument, terms.specials, givenLots);
  const priceTicks = limitTicks ?? worstPriceTicks({ terms, specials, instrument, prices, collarBps });
  if (priceTicks === undefined || prices?.halted) return { ...unpriced(input, givenLots), specials };
  const lotCostMicros = valueMicros(instrument, 1n, priceTicks);
  const quantityLots =
    size.kind === 'quantity' ? givenLots : lotsForAmount(feeTerms(input), size.cashMicros, lotCostMicros);
  const notionalMicros = quantityLots * lotCostMicros;
  if (!isPricedByMarket(terms)) checkValue(notionalMicros, 'terms.quantity');
  const refusal =
    conditionsRefusal(conditions, { market: tradesAtMarket(terms.type), notionalMicros }) ??
    priceRefusal(input, { quantityLots, lotCostMicros });
  return { priceTicks, quantityLots, notionalMicros, specials, refusal };
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

function unpriced({ terms, conditions, prices }: PricingInput, quantityLots: bigint): Omit<PricedOrder, 'specials'> {
  const byMarket: Refusal = prices?.halted
    ? { reason: 'INSTRUMENT_HALTED', metadata: { symbol: terms.symbol } }
    : { reason: 'NO_REFERENCE_PRICE', metadata: { symbol: terms.symbol } };
  const market = tradesAtMarket(terms.type);
  const refusal = conditionsRefusal(conditions, { market, notionalMicros: 0n }) ?? byMarket;
  return { priceTicks: 0n, quantityLots, notionalMicros: 0n, refusal };
}
