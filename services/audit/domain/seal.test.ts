import { describe, expect, it } from 'vitest';
import { compareBlock, digestOf, sealedHashes, sealRows, totalOf } from './seal.ts';

const row = (key: string, hash: bigint) => ({ key, hash });

describe('seals', () => {
  it('remember each key with its hash, in as many parts as rows became final', () => {
    const parts = [sealRows([row('a b', 1n), row('c', -5n)]), sealRows([row('d', 7n)])];
    expect(sealedHashes(parts)).toEqual(
      new Map([
        ['a b', 1n],
        ['c', -5n],
        ['d', 7n],
      ]),
    );
    expect(totalOf(parts)).toEqual({ rows: 3, digest: digestOf([1n, -5n, 7n]) });
  });

  it('have the digest that PostgreSQL gives: a signed number of 64 bits', () => {
    expect(digestOf([-(2n ** 63n), 1n])).toBe(-(2n ** 63n) + 1n);
    expect(digestOf([])).toBe(0n);
  });

  it('without content have number and digest alone', () => {
    expect(sealRows([row('a', 3n)], true)).toEqual({ rows: 1, digest: 3n, content: '' });
  });
});

describe('compareBlock', () => {
  it('names what has changed, gone and come, and nothing else', () => {
    const sealed = new Map([
      ['same', 1n],
      ['changed', 2n],
      ['gone', 3n],
    ]);
    expect(compareBlock(sealed, [row('same', 1n), row('changed', 9n), row('new', 4n)])).toEqual([
      { key: 'changed', kind: 'changed' },
      { key: 'new', kind: 'new' },
      { key: 'gone', kind: 'gone' },
    ]);
  });
});
