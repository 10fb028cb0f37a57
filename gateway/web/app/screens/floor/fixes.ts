/** What would refuse an order, in words with numbers, and presses that cure it. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { isAmbiguous, microsText, parseMicros, roundedDown } from '../../figures/decimal.ts';
import { figureText } from '../../figures/figure-text.ts';
import type { Draft } from './draft-values.ts';
import { type RefusalFacts, reasonText } from './reason-text.ts';

/** A press that cures it: by changes of the draft, or by a look at what is in the way. */
export type Fix = { text: string; changes: Partial<Draft>; shows?: 'open orders' };
/** What is wrong, and what cures it. */
export type Problem = { text: string; fixes: Fix[] };

/** In millionths; `holdingCount` is the number of open orders that hold what the draft would hold. */
type Facts = { draft: Draft; lot: bigint; tick: bigint; places: number; holdingCount?: number };

/** The refusal of a preview in words, with its cures. */
export function problemOf(refusal: RefusalFacts, facts: Facts): Problem {
  const text = reasonText(refusal);
  return { text: `${text.charAt(0).toUpperCase()}${text.slice(1)}.`, fixes: fixesOf(refusal, facts) };
}

const shortages: readonly ErrorReason[] = [ErrorReason.CASH_INSUFFICIENT, ErrorReason.SHARES_INSUFFICIENT];

function fixesOf(refusal: RefusalFacts, facts: Facts): Fix[] {
  const { holdingCount: count = 0 } = facts;
  const cures = curesOf(refusal, facts);
  if (count === 0 || !shortages.includes(refusal.reason)) return cures;
  return [...cures, { text: count === 1 ? 'Show the order' : `Show the ${count}`, changes: {}, shows: 'open orders' }];
}

function curesOf({ reason, metadata }: RefusalFacts, { draft, lot, places }: Facts): Fix[] {
  const verb = draft.side === 'buy' ? 'Buy' : 'Sell';
  const quantityFix = (micros: bigint): Fix[] => {
    const rounded = roundedDown(micros, lot);
    if (rounded <= 0n) return [];
    const quantity = microsText(rounded);
    return [{ text: `${verb} ${figureText(quantity, { trimmed: true })}`, changes: { quantity } }];
  };
  if (reason === ErrorReason.CASH_INSUFFICIENT) {
    const [needed, available, quantity] = [metadata.needed, metadata.available, draft.quantity].map(parseMicros);
    if (needed === undefined || available === undefined || quantity === undefined || needed <= 0n) return [];
    // A lot less than the proportion, as the fee is rounded up.
    return quantityFix((quantity * available) / needed - lot);
  }
  if (reason === ErrorReason.SHARES_INSUFFICIENT) return quantityFix(parseMicros(metadata.available) ?? 0n);
  if (reason === ErrorReason.PRICE_OUT_OF_BAND) {
    const [price, low, high] = [metadata.price, metadata.low, metadata.high].map(parseMicros);
    if (price === undefined || low === undefined || high === undefined) return [];
    const limitPrice = microsText(price > high ? high : low, places);
    return [{ text: `Use ${figureText(limitPrice, { places })}`, changes: { limitPrice } }];
  }
  return [];
}

const priceFields = ['limitPrice', 'stopPrice', 'targetPrice', 'worstPrice'] as const;

/** What the ticket sees by itself, before the server is asked: no decimals, prices between ticks, quantities between lots. */
export function localProblem({ draft, lot, tick, places }: Facts, used: readonly (keyof Draft)[]): Problem | undefined {
  for (const name of priceFields.filter((field) => used.includes(field) && draft[field].trim() !== '')) {
    if (isAmbiguous(draft[name])) return twoWays(name, draft[name]);
    const price = parseMicros(draft[name]);
    const isMoney = draft.type === 'bracket' && draft.exitsIn === 'money' && name !== 'limitPrice';
    if (price === undefined || price <= 0n)
      return { text: `${draft[name]} is no ${isMoney ? 'amount' : 'price'}.`, fixes: [] };
    if (isMoney) continue;
    const below = roundedDown(price, tick);
    if (below === price) continue;
    const fixes = [below, below + tick].filter((micros) => micros > 0n).map((micros) => priceFix(name, micros, places));
    return { text: `${figureText(microsText(price))} falls between two ticks.`, fixes };
  }
  if (draft.quantity.trim() === '') return undefined;
  if (isAmbiguous(draft.quantity)) return twoWays('quantity', draft.quantity);
  const quantity = parseMicros(draft.quantity);
  if (quantity === undefined || quantity <= 0n) return { text: `${draft.quantity} is no quantity.`, fixes: [] };
  const whole = roundedDown(quantity, draft.sizedBy === 'cash' && draft.type === 'market' ? 10_000n : lot);
  if (whole === quantity) return undefined;
  const fix = { text: figureText(microsText(whole), { trimmed: true }), changes: { quantity: microsText(whole) } };
  return { text: `${figureText(microsText(quantity))} is no multiple of the lot.`, fixes: whole > 0n ? [fix] : [] };
}

function twoWays(name: 'quantity' | (typeof priceFields)[number], text: string): Problem {
  const fixes = [text.replace(',', ''), text.replace(',', '.')].map((decimal) => ({
    text: figureText(decimal.trim()),
    changes: { [name]: decimal.trim() },
  }));
  return { text: `${text.trim()} can be read in two ways.`, fixes };
}

function priceFix(name: (typeof priceFields)[number], micros: bigint, places: number): Fix {
  const price = microsText(micros, places);
  return { text: figureText(price, { places }), changes: { [name]: price } };
}
