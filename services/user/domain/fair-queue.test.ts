import { describe, expect, it } from 'vitest';
import { createFairQueue } from './fair-queue.ts';

function drain(queue: ReturnType<typeof createFairQueue<string>>): string[] {
  const taken: string[] = [];
  for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) taken.push(entry);
  return taken;
}

describe('createFairQueue', () => {
  it('lets lanes take turns, each in its order of arrival', () => {
    const queue = createFairQueue<string>({ lengthMax: 10 });
    for (const entry of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2'])
      expect(queue.push(entry.slice(0, 1), entry)).toBeUndefined();
    expect(drain(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
  });

  it('puts a lane that comes back behind those that wait', () => {
    const queue = createFairQueue<string>({ lengthMax: 10 });
    queue.push('a', 'a1');
    queue.push('b', 'b1');
    expect(queue.shift()).toBe('a1');
    queue.push('a', 'a2');
    expect(drain(queue)).toEqual(['b1', 'a2']);
  });

  it('makes room for another lane at the cost of the longest, and never for a longer one', () => {
    const queue = createFairQueue<string>({ lengthMax: 4 });
    for (const entry of ['a1', 'a2', 'a3', 'a4']) queue.push('a', entry);
    expect(queue.push('a', 'a5')).toBe('a5');
    expect(queue.push('b', 'b1')).toBe('a4');
    expect(queue.push('c', 'c1')).toBe('a3');
    expect(queue.push('b', 'b2')).toBe('b2');
    expect(drain(queue)).toEqual(['a1', 'b1', 'c1', 'a2']);
  });

  it('forgets an entry that is removed', () => {
    const queue = createFairQueue<string>({ lengthMax: 2 });
    queue.push('a', 'a1');
    queue.push('b', 'b1');
    queue.remove('a', 'a1');
    queue.remove('a', 'a1');
    queue.remove('z', 'z1');
    expect(queue.push('c', 'c1')).toBeUndefined();
    expect(drain(queue)).toEqual(['b1', 'c1']);
  });

  it('holds nothing when it may hold nothing', () => {
    const queue = createFairQueue<string>({ lengthMax: 0 });
    expect(queue.push('a', 'a1')).toBe('a1');
    expect(queue.shift()).toBeUndefined();
  });
});
