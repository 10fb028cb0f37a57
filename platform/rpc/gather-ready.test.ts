import { describe, expect, it } from 'vitest';
import { gatherReady } from './gather-ready.ts';

describe('gatherReady', () => {
  it('gives what became known together together, and waits for nothing that comes later', async () => {
    const late = Promise.withResolvers<string>();
    const groups = gatherReady([late.promise, Promise.resolve('a'), Promise.resolve('b')]);
    expect((await groups.next()).value).toEqual(['a', 'b']);
    late.resolve('c');
    expect((await groups.next()).value).toEqual(['c']);
    expect((await groups.next()).done).toBe(true);
  });

  it('is empty for no work, and rejects with the first rejection', async () => {
    expect((await gatherReady([]).next()).done).toBe(true);
    await expect(gatherReady([Promise.reject(new Error('x')), new Promise(() => {})]).next()).rejects.toThrow('x');
  });
});
