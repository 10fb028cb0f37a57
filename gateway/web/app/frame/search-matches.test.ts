import { describe, expect, it } from 'vitest';
import { searchMatches } from './search-matches.ts';

const items = [
  { symbol: 'BOLT', name: 'Bolt Motors' },
  { symbol: 'ACME', name: 'Acme Anvils' },
  { symbol: 'KITE', name: 'Kite Cables' },
  { symbol: 'ABC', name: 'Alphabet Bolts' },
];
const found = (text: string) => searchMatches(items, text).map(({ symbol }) => symbol);

describe('searchMatches', () => {
  it('has symbols that begin with the text first, then names', () => {
    expect(found('bo')).toEqual(['BOLT', 'ABC']);
    expect(found(' c')).toEqual(['ABC', 'ACME', 'KITE']);
  });

  it('has all for no text, and none for nonsense', () => {
    expect(found('')).toHaveLength(4);
    expect(found('zz')).toEqual([]);
  });
});
