import { describe, expect, it } from 'vitest';
import { StreamCredit } from './stream-credit.ts';

function createCredit() {
  const clock = { ms: 0 };
  return { clock, credit: new StreamCredit({ perSecond: 100, resetCost: 20, nowMs: () => clock.ms }) };
}

/** How many of so many new calls, at a rate and with resets, met each verdict. */
function open(options: { perSecond: number; seconds: number; isReset: boolean }) {
  const { clock, credit } = createCredit();
  const verdicts = { granted: 0, refused: 0, exhausted: 0 };
  for (let count = 0; count < options.perSecond * options.seconds; count++) {
    clock.ms += 1_000 / options.perSecond;
    verdicts[credit.take()] += 1;
    if (options.isReset) credit.chargeReset();
  }
  return verdicts;
}

describe('StreamCredit', () => {
  it('grants the rate for as long as it lasts, and a burst of a second', () => {
    expect(open({ perSecond: 100, seconds: 60, isReset: false })).toEqual({ granted: 6_000, refused: 0, exhausted: 0 });
    const { credit } = createCredit();
    const verdicts = Array.from({ length: 200 }, () => credit.take());
    expect(verdicts.filter((verdict) => verdict === 'granted')).toHaveLength(100);
    expect(verdicts.at(150)).toBe('refused');
    expect(verdicts.at(-1)).toBe('exhausted');
  });

  it('refuses a client that is somewhat too fast, in part', () => {
    const { granted, refused, exhausted } = open({ perSecond: 150, seconds: 2, isReset: false });
    expect([granted + refused, exhausted]).toEqual([300, 0]);
    expect(granted).toBeGreaterThan(250);
  });

  it('bears a few resets, and is used up by many', () => {
    expect(open({ perSecond: 4, seconds: 60, isReset: true })).toEqual({ granted: 240, refused: 0, exhausted: 0 });
    const { granted, exhausted } = open({ perSecond: 50, seconds: 1, isReset: true });
    expect(granted).toBeLessThan(10);
    expect(exhausted).toBeGreaterThan(0);
  });
});
