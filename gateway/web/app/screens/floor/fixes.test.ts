import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { emptyDraft } from './draft-values.ts';
import { localProblem, problemOf } from './fixes.ts';

const facts = {
  draft: { ...emptyDraft, quantity: '50', limitPrice: '180.00' },
  lot: 1_000_000n,
  tick: 10_000n,
  places: 2,
};
const textsOf = (problem: { fixes: { text: string }[] } | undefined) => problem?.fixes.map(({ text }) => text);

describe('problemOf', () => {
  it('offers what the free cash buys, fee included', () => {
    const metadata = { needed: '9312.40', available: '8905.10', held: '0.00' };
    expect(textsOf(problemOf({ reason: ErrorReason.CASH_INSUFFICIENT, metadata }, facts))).toEqual(['Buy 46']);
  });

  it('offers the shares that are free, and nothing where there are none', () => {
    const sell = { ...facts, draft: { ...facts.draft, side: 'sell' as const } };
    const refusal = (available: string) => ({
      reason: ErrorReason.SHARES_INSUFFICIENT,
      metadata: { needed: '50', available, held: '2' },
    });
    expect(textsOf(problemOf(refusal('3'), sell))).toEqual(['Sell 3']);
    expect(textsOf(problemOf(refusal('0'), sell))).toEqual([]);
  });

  it('leads to the orders that hold what is missing', () => {
    const metadata = { needed: '9312.40', available: '8905.10', held: '72546.26' };
    const { fixes } = problemOf({ reason: ErrorReason.CASH_INSUFFICIENT, metadata }, { ...facts, holdingCount: 3 });
    expect(fixes.at(-1)).toEqual({ text: 'Show the 3', changes: {}, shows: 'open orders' });
  });

  it('offers the edge of the band', () => {
    const metadata = { price: '210', low: '167.39', high: '204.57' };
    expect(textsOf(problemOf({ reason: ErrorReason.PRICE_OUT_OF_BAND, metadata }, facts))).toEqual(['Use 204.57']);
  });
});

describe('localProblem', () => {
  it('asks what 1,000 means, as a price and as a quantity', () => {
    const [byPrice, byQuantity] = [{ limitPrice: '1,000' }, { quantity: ' 1,000' }].map((typed) =>
      localProblem({ ...facts, draft: { ...facts.draft, ...typed } }, ['quantity', 'limitPrice']),
    );
    expect(byPrice?.fixes.map(({ changes }) => changes)).toEqual([{ limitPrice: '1000' }, { limitPrice: '1.000' }]);
    expect(byQuantity?.text).toBe('1,000 can be read in two ways.');
    expect(textsOf(byQuantity)).toEqual(['1,000', '1.000']);
  });

  it('offers both ticks around a price', () => {
    const draft = { ...facts.draft, limitPrice: '180.003' };
    const problem = localProblem({ ...facts, draft }, ['quantity', 'limitPrice']);
    expect(problem?.text).toBe('180.003 falls between two ticks.');
    expect(textsOf(problem)).toEqual(['180.00', '180.01']);
  });

  it('says nothing of fields that are not used, or are empty', () => {
    const draft = { ...facts.draft, quantity: '', limitPrice: '180.003' };
    expect(localProblem({ ...facts, draft }, ['quantity'])).toBe(undefined);
  });

  it('rounds a quantity down to the lot', () => {
    expect(textsOf(localProblem({ ...facts, draft: { ...facts.draft, quantity: '1.5' } }, ['quantity']))).toEqual([
      '1',
    ]);
    expect(localProblem({ ...facts, draft: { ...facts.draft, quantity: 'ten' } }, ['quantity'])?.text).toBe(
      'ten is no quantity.',
    );
  });
});
