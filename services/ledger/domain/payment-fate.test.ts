import { describe, expect, it } from 'vitest';
import { drawFate, noFaults } from './payment-fate.ts';

const never = () => 0.999_999;
const always = () => 0;

describe('drawFate', () => {
  it('completes at once, without a callback, when no switch is set', () => {
    for (const draw of [never, always]) {
      expect(drawFate(noFaults, draw)).toEqual({
        outcome: 'completed',
        delayMs: 0,
        isUnanswered: false,
        callbacksMs: [],
      });
    }
  });

  it('sends the callback of a delayed payment with its outcome, three times when it is repeated, later when it is late', () => {
    const delayed = { ...noFaults, delayMsMax: 1_000 };
    expect(drawFate(delayed, always)).toMatchObject({ delayMs: 1_000, callbacksMs: [1_000] });
    expect(drawFate(delayed, () => 0.5)).toMatchObject({ delayMs: 750 });
    const repeated = drawFate({ ...delayed, repeatedPercent: 100 }, always).callbacksMs;
    expect([repeated.length, repeated[0]]).toEqual([3, 1_000]);
    expect(drawFate({ ...delayed, latePercent: 100, lateMs: 5_000 }, always).callbacksMs).toEqual([6_000]);
    expect(drawFate({ ...delayed, lostPercent: 100 }, always).callbacksMs).toEqual([]);
  });

  it('refuses at once, fails after the delay, and sends a callback when its answer is lost', () => {
    const delayed = { ...noFaults, delayMsMax: 1_000 };
    expect(drawFate({ ...delayed, refusedPercent: 100 }, always)).toMatchObject({ outcome: 'refused', delayMs: 0 });
    expect(drawFate({ ...delayed, failedPercent: 100 }, always)).toMatchObject({ outcome: 'failed', delayMs: 1_000 });
    const unanswered = drawFate({ ...noFaults, unansweredPercent: 100 }, always);
    expect(unanswered).toMatchObject({ outcome: 'completed', isUnanswered: true, callbacksMs: [0] });
  });
});
