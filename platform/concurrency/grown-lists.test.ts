import { describe, expect, it } from 'vitest';
import { createGrownLists } from './grown-lists.ts';

describe('createGrownLists', () => {
  it('gives a list of which nothing is known at once, and then after each growth', () => {
    const grown = createGrownLists(10);
    grown.add('a', 1);
    expect(grown.take(5)).toEqual(['a']);
    expect(grown.take(5)).toEqual([]);
    for (let count = 0; count < 10; count += 1) grown.add('a', 1);
    expect(grown.take(5)).toEqual([]);
    grown.add('a', 1);
    expect(grown.take(5)).toEqual(['a']);
  });

  it('gives so many at a time, and again what was put back', () => {
    const grown = createGrownLists(10);
    for (const key of ['a', 'b', 'c']) grown.add(key, 3);
    expect(grown.take(2)).toEqual(['a', 'b']);
    grown.putBack('a');
    expect(grown.take(2)).toEqual(['c', 'a']);
    expect(grown.take(2)).toEqual([]);
  });

  it('forgets in the safe direction when there are very many lists', () => {
    const grown = createGrownLists(10);
    grown.add('first', 1);
    expect(grown.take(1)).toEqual(['first']);
    for (let index = 0; index < 120_000; index += 1) {
      grown.add(`list-${index}`, 1);
      if (index % 1_000 === 999) grown.take(1_000);
    }
    grown.add('first', 1);
    expect(grown.take(2)).toContain('first');
  });
});
