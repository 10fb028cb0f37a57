import { describe, expect, it } from 'vitest';
import { barAfterKey } from './bar-after-key.ts';

const bars = [60, 120, 180].map((time) => ({ time, open: 1, high: 1, low: 1, close: 1, volume: 1 }));

describe('barAfterKey', () => {
  it('goes from candle to candle, begins at the newest, and stops at both ends', () => {
    const at = (time: number | undefined, key: string) => barAfterKey(bars, time, key)?.time;
    expect([at(undefined, 'ArrowLeft'), at(120, 'ArrowLeft'), at(60, 'ArrowLeft')]).toEqual([120, 60, 60]);
    expect([at(120, 'ArrowRight'), at(180, 'ArrowRight'), at(99, 'Enter')]).toEqual([180, 180, 180]);
    expect([at(120, 'Home'), at(120, 'End'), at(120, 'Enter')]).toEqual([60, 180, 120]);
  });

  it('leads nowhere by another key, and without candles', () => {
    expect(barAfterKey(bars, 60, 'a')).toBeUndefined();
    expect(barAfterKey([], 60, 'End')).toBeUndefined();
  });
});
