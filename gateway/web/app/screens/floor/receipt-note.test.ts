import { describe, expect, it } from 'vitest';
import { type Draft, emptyDraft } from './draft-values.ts';
import { firesAtOnce, receiptNote } from './receipt-note.ts';

const m = 1_000_000n;
const estimate = { filled: 0n, average: undefined, worst: undefined, impactBps: 0, isPart: true };
const noteOf = (draft: Partial<Draft>, filled = 0n) =>
  receiptNote({
    draft: { ...emptyDraft, quantity: '10', ...draft },
    last: 100n * m,
    bid: 99n * m,
    ask: 101n * m,
    estimate: { ...estimate, filled, worst: 104n * m },
    places: 2,
  });

describe('receiptNote', () => {
  it('says what the book does with an order at once, and how far it rests from the touch', () => {
    expect(noteOf({ type: 'market' }, 4n * m)).toBe('The book holds 4 up to 104.00.');
    expect(noteOf({ limitPrice: '105' }, 10n * m)).toBe('Fills now, all of it.');
    expect(noteOf({ limitPrice: '104' }, 4n * m)).toBe('Fills 4 now; 6 rest, as it lives.');
    expect(noteOf({ limitPrice: '98' })).toBe('Rests 3.00 (2.97\u2009%) below the best offer.');
    expect(noteOf({ side: 'sell', limitPrice: '102,5' })).toBe('Rests 3.50 (3.53\u2009%) above the best bid.');
  });

  it('says where a stop triggers, and that one on the wrong side fires at once', () => {
    const stop = { type: 'stop', side: 'sell' } as const;
    expect(noteOf({ ...stop, stopPrice: '95' })).toBe(
      'Triggers 5.00 (5.00\u2009%) below the market. It may fill worse than its trigger.',
    );
    expect(noteOf({ ...stop, stopPrice: '100' })).toBe(
      'A sell stop belongs below the market, now 100.00; this one would fire at once.',
    );
    const buy = { ...emptyDraft, ...stop, side: 'buy' as const };
    expect(firesAtOnce({ ...buy, stopPrice: '101' }, 100n * m)).toBe(false);
    expect(firesAtOnce({ ...buy, stopPrice: '99' }, 100n * m)).toBe(true);
  });

  it('says from where a trail would trigger now, and how many slices there are', () => {
    expect(noteOf({ type: 'trailing', trail: '2,5' })).toMatch(/at about 102\.50 now/);
    expect(noteOf({ type: 'trailing', side: 'sell', trail: '3', trailBy: 'price' })).toMatch(/at about 97\.00 now/);
    expect(noteOf({ type: 'iceberg', displayQuantity: '3' })).toBe('4 slices; each new slice queues last.');
  });

  it('says risk, reward and their ratio, or on which side the exits belong', () => {
    const bracket = { type: 'bracket', limitPrice: '100', targetPrice: '110', stopPrice: '96' } as const;
    expect(noteOf(bracket)).toBe('Risks about 40.00, may bring 100.00: 1 to 2.50. Only one exit can fill.');
    expect(noteOf({ ...bracket, side: 'sell' })).toBe('The stop belongs above 100.00, the target below it.');
    expect(noteOf({ type: 'OCO', side: 'sell', targetPrice: '110', stopPrice: '90' })).toMatch(/^Risks about 100\.00/);
    expect(noteOf({ type: 'OCO', side: 'sell', targetPrice: '', stopPrice: '90' })).toBe('');
    expect(noteOf({ ...bracket, exitBy: 'trail', trail: '5' })).toMatch(/^Risks about 50\.00, may bring 100\.00/);
  });
});
