import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountCounters, admit } from './admission.ts';

const fresh: AccountCounters = {
  changeSequence: 0n,
  openCount: 0,
  openNotionalMicros: 0n,
  rateSecond: 0n,
  rateCount: 0,
};
const limits = { openNotionalMaxMicros: 1_000_000n, openOrdersMax: 3, ordersPerSecondMax: 100 };

describe('admit', () => {
  it('lets a refused order take nothing from the next', () => {
    const decide = (counters: AccountCounters, notionalMicros: bigint) =>
      admit(counters, { notionalMicros, limits, refusal: undefined }, 1n);
    const first = decide(fresh, 600_000n);
    const second = decide(first.counters, 600_000n);
    const third = decide(second.counters, 400_000n);
    expect([first.kind, second.kind, third.kind]).toEqual(['admitted', 'refused', 'admitted']);
    expect(second).toMatchObject({
      refusal: { reason: 'OPEN_NOTIONAL_OVER_LIMIT', metadata: { open: '0.60', notional: '0.60', limit: '1.00' } },
    });
  });

  it('never exceeds a limit, whatever is requested', () => {
    const requests = fc.array(fc.bigInt({ min: 0n, max: 800_000n }), { maxLength: 30 });
    fc.assert(
      fc.property(requests, (notionals) => {
        let counters = fresh;
        for (const notionalMicros of notionals) {
          counters = admit(counters, { notionalMicros, limits, refusal: undefined }, 1n).counters;
        }
        expect(counters.openNotionalMicros <= 1_000_000n && counters.openCount <= 3).toBe(true);
        expect(counters.changeSequence).toBe(BigInt(notionals.length));
      }),
    );
  });

  it('counts the rate by the second and leaves no trace of what is over it', () => {
    const slow = { ...limits, ordersPerSecondMax: 1 };
    const ask = { notionalMicros: 10_000n, limits: slow, refusal: undefined };
    const first = admit(fresh, ask, 7n);
    expect(admit(first.counters, ask, 7n)).toEqual({ kind: 'limited', counters: first.counters });
    expect(admit(first.counters, ask, 8n).kind).toBe('admitted');
  });

  it('records a refusal that was found before', () => {
    const refusal = { reason: 'ACCOUNT_FROZEN', metadata: {} };
    expect(admit(fresh, { notionalMicros: 10_000n, limits, refusal }, 1n)).toMatchObject({
      kind: 'refused',
      refusal,
      counters: { openCount: 0, changeSequence: 1n },
    });
  });
});
