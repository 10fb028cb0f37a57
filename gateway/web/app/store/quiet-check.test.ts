import { describe, expect, it } from 'vitest';
import { createQuietCheck } from './quiet-check.ts';

describe('createQuietCheck', () => {
  it('reads prices between the heartbeats of a market that stands still, and not of a stream that is dead', async () => {
    let nowMs = 0;
    const readsMs: number[] = [];
    const check = createQuietCheck({ now: () => nowMs, read: async () => void readsMs.push(nowMs) });
    await check.look();
    check.heard();
    for (nowMs = 500; nowMs <= 30_000; nowMs += 500) {
      if (nowMs === 10_000) check.heard();
      await check.look();
    }
    expect(readsMs).toEqual([3_500, 7_000, 13_500, 17_000, 20_500]);
  });

  it('tries again after a read that failed, and reads once at a time', async () => {
    let [nowMs, reads] = [0, 0];
    let fail: (reason: Error) => void = () => {};
    const read = () => {
      reads += 1;
      return new Promise<void>((_, reject) => {
        fail = reject;
      });
    };
    const check = createQuietCheck({ now: () => nowMs, read });
    check.heard();
    nowMs = 4_000;
    const first = check.look();
    await check.look();
    expect(reads).toBe(1);
    fail(new Error('no answer'));
    await first;
    void check.look();
    expect(reads).toBe(2);
  });
});
