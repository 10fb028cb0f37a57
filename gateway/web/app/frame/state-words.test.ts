import { describe, expect, it } from 'vitest';
import { connectionWords, type SpokenState, tradingWords } from './state-words.ts';

describe('connectionWords', () => {
  it('has each change once, and nothing of the first connection', () => {
    expect(connectionWords('connecting', 'live')).toBe('');
    expect(connectionWords('live', 'stale')).toBe('Prices are old.');
    expect(connectionWords('stale', 'stale')).toBe('');
    expect(connectionWords('reconnecting', 'live')).toBe('Prices are live.');
  });
});

describe('tradingWords', () => {
  const open: SpokenState = { symbol: 'ACME', kind: 'open', word: 'Open', text: 'closes in 1:02' };
  const halted: SpokenState = { symbol: 'ACME', kind: 'halted', word: 'HALTED', text: 'by the operator' };
  const auction: SpokenState = { symbol: 'ACME', kind: 'auction', word: 'AUCTION', text: 'no price yet, ends 0:42' };

  it('says a halt at once, other changes in their turn, and no countdown', () => {
    expect(tradingWords(open, halted)).toEqual({ text: 'ACME is halted, by the operator.', isAlert: true });
    expect(tradingWords(halted, auction)).toEqual({ text: 'ACME is in an auction.', isAlert: false });
    expect(tradingWords(auction, { ...auction, text: 'no price yet, ends 0:41' })).toBeUndefined();
    expect(tradingWords(auction, open)).toEqual({ text: 'ACME is open.', isAlert: false });
  });

  it('says nothing of another symbol, nor of the first state of one', () => {
    expect(tradingWords(open, { ...halted, symbol: 'BOLT' })).toBeUndefined();
    expect(tradingWords({ ...open, word: '' }, halted)).toBeUndefined();
  });
});
