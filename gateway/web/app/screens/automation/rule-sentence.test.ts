import { describe, expect, it } from 'vitest';
import { draftProblems, emptyDraft, type RuleDraft } from './rule-draft.ts';
import { ruleSentence } from './rule-sentence.ts';
import { termsOf } from './rule-terms.ts';

const facts = { placesFor: () => ({ price: 2 }), zone: { name: 'UTC', label: 'UTC' }, nowMs: 0 };
const sentence = (changes: Partial<RuleDraft>) =>
  ruleSentence(termsOf({ ...emptyDraft, symbol: 'ACME', ...changes }, 'America/New_York'), facts);

describe('ruleSentence', () => {
  it('says a recurring order', () => {
    expect(sentence({ sizeBy: 'amount', size: '250' })).toBe(
      'Every Monday 09:45 New York buy 250.00 of ACME at market',
    );
    expect(sentence({ side: 'sell', sizeBy: 'amount', size: '2' })).toContain('sell 2 ACME at market');
  });

  it('says a price that sends an alert, and one that places an order', () => {
    expect(sentence({ kind: 'price', price: '180,5', note: 'look' })).toBe(
      'Once, when ACME trades at or above 180.50, send an alert: “look”',
    );
    const order = { action: 'order', type: 'limit', size: '5', limitPrice: '170', direction: 'below' } as const;
    expect(sentence({ kind: 'price', price: '171', ...order })).toBe(
      'Once, when ACME trades at or below 171.00, buy 5 ACME at 170.00 or better',
    );
  });

  it('says slices with their bound', () => {
    expect(sentence({ kind: 'slice', size: '9000', minutes: '90', orderCount: '30', maxPercent: '10' })).toBe(
      'From now on buy 9,000 ACME at market over 1 h 30 min, evenly, in 30 orders, each at most 10 % of what trades meanwhile',
    );
  });
});

describe('draftProblems', () => {
  it('asks for what is missing, and no more', () => {
    expect(Object.keys(draftProblems(emptyDraft))).toEqual(['symbol', 'size']);
    expect(draftProblems({ ...emptyDraft, symbol: 'ACME', size: '1' })).toEqual({});
    expect(Object.keys(draftProblems({ ...emptyDraft, symbol: 'ACME', kind: 'price' }))).toEqual(['price']);
  });

  it('has the bounds of slices', () => {
    const slice = { ...emptyDraft, symbol: 'ACME', kind: 'slice', size: '1' } as const;
    expect(draftProblems({ ...slice, minutes: '1440', orderCount: '500', maxPercent: '50' })).toEqual({});
    const wrong = { ...slice, minutes: '1.5', orderCount: '1', maxPercent: '50.01' };
    expect(Object.keys(draftProblems(wrong))).toEqual(['minutes', 'orderCount', 'maxPercent']);
  });
});
