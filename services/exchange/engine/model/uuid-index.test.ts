import { describe, expect, it } from 'vitest';
import { orderId } from '../testing/driver.ts';
import { formatUuid, parseUuid } from './uuid.ts';
import { UuidIndex } from './uuid-index.ts';

describe('UuidIndex', () => {
  it('finds what is in it and nothing else, through thousands of insertions and removals', () => {
    const index = new UuidIndex();
    const key = new Uint32Array(4);
    const slots = new Map<number, number>();
    let seed = 7;
    for (let step = 0; step < 20_000; step++) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 1;
      const number = seed % 700;
      parseUuid(orderId(number), key);
      expect(index.find(key)).toBe(slots.get(number) ?? -1);
      const slot = slots.get(number);
      if (slot === undefined) {
        index.insert(number, key);
        slots.set(number, number);
      } else {
        index.remove(slot);
        slots.delete(number);
      }
    }
  });
});

describe('parseUuid', () => {
  it('reads what formatUuid writes, and refuses everything else', () => {
    const words = new Uint32Array(4);
    const text = '0190f3a4-ffff-7abc-8def-0123456789ab';
    expect(parseUuid(text, words)).toBe(true);
    expect(formatUuid(words, 0)).toBe(text);
    for (const bad of [
      '',
      text.toUpperCase(),
      text.slice(1),
      `${text}0`,
      text.replaceAll('-', '0'),
      text.replace('a', 'ä'),
    ]) {
      expect(parseUuid(bad, words)).toBe(false);
    }
  });
});
