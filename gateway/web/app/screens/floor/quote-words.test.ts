import { describe, expect, it } from 'vitest';
import { quoteWords } from './quote-words.ts';

const quote = { symbol: 'ACME', lastPrice: '186.20', bidPrice: '186.19', askPrice: '' };

describe('quoteWords', () => {
  it('has last, bid and ask, and says which there is not', () => {
    expect(quoteWords(quote, { word: 'live', text: 'Live' })).toBe('ACME 186.20, bid 186.19, ask none.');
    expect(quoteWords({ ...quote, lastPrice: '' }, { word: 'live', text: 'Live' })).toMatch(/^ACME no trade, bid/);
  });

  it('says first that prices are old', () => {
    const spoken = quoteWords(quote, { word: 'stale', text: '12 s old' });
    expect(spoken).toBe('Not live, 12 s old: ACME 186.20, bid 186.19, ask none.');
  });
});
