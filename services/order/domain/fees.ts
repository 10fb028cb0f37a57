/** The greatest cost of an order before it trades. */
import { type FeeTerms, greatestFeeMicros, unitsForAmount } from '#platform/money/fees.ts';
import type { Side } from './order.ts';

const nothingFilled = { makerValueMicros: 0n, takerValueMicros: 0n };

/** The greatest fee in micros of an order of this value, however it is filled. */
export function feeMaxMicros(terms: FeeTerms, side: Side, valueMicros: bigint): bigint {
  return greatestFeeMicros(terms, side, nothingFilled, valueMicros);
}

/** The greatest cost in micros: what the ledger holds for a buy, fee included; nothing for a sell, which holds shares. */
export function holdMicros(terms: FeeTerms, side: Side, valueMicros: bigint): bigint {
  return side === 'buy' ? valueMicros + feeMaxMicros(terms, side, valueMicros) : 0n;
}

/** The most lots that an amount of cash buys when a lot costs `lotCostMicros` at worst, greatest fee included. */
export function lotsForAmount(terms: FeeTerms, amountMicros: bigint, lotCostMicros: bigint): bigint {
  return unitsForAmount(terms, amountMicros, lotCostMicros);
}
