import { describe, expect, it } from 'vitest';
import { readOrderConfig } from './config.ts';

describe('readOrderConfig', () => {
  it('has a default for everything', () => {
    const { shards, limits } = readOrderConfig({});
    expect({ shards, collarBps: limits.collarBps, houseRetentionMs: limits.houseRetentionMs }).toEqual({
      shards: [0],
      collarBps: 500,
      houseRetentionMs: 3_600_000,
    });
  });

  it('reports problems of several settings at once', () => {
    const broken = { EXCHANGE_SHARDS: '1', ORDER_COLLAR_BPS: 'far' };
    expect(() => readOrderConfig(broken)).toThrow(/EXCHANGE_SHARDS[\s\S]*ORDER_COLLAR_BPS/);
  });
});
