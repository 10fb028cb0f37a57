import { describe, expect, it } from 'vitest';
import { timestampOf } from '../../figures/time-text.ts';
import { sparkPaths } from './spark-path.ts';

const closeAt = (symbol: string, minute: number, close: string) => ({
  symbol,
  close,
  startTime: { $typeName: 'google.protobuf.Timestamp' as const, ...timestampOf(minute * 60_000) },
});

describe('sparkPaths', () => {
  it('goes from left to right through the range of its own prices, by times that all share', () => {
    const paths = sparkPaths([
      closeAt('A', 0, '10'),
      closeAt('A', 30, '12'),
      closeAt('B', 30, '5'),
      closeAt('B', 60, '5'),
    ]);
    expect(paths.get('A')).toBe('M0.0 19.0L50.0 1.0');
    expect(paths.get('B')).toBe('M50.0 10.0L100.0 10.0');
  });

  it('has no line of one candle, or of none', () => {
    expect(sparkPaths([closeAt('A', 0, '10')]).size).toBe(0);
    expect(sparkPaths([]).size).toBe(0);
  });
});
