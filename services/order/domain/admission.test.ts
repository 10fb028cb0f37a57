import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountCounters, admit } from './admission.ts';

const fresh: AccountCounters = {
  changeSequence: 0n,
  openCount: 0,
  openNotionalCents: 0n,
  rateSecond: 0n,
  rateCount: 0,
};
const limits = { openNotionalMaxCents: 100n, openOrdersMax: 3, ordersPerSecondMax: 100 };

describe('admit', () => {
  it('lets a refused order take nothing from the next', () => {
    const decide = (counters: AccountCounters, notionalCents: bigint) =>
      admit(counters, { notionalCents, limits, refusal: undefined }, 1n);
    const first = decide(fresh, 60n);
    const second = decide(first.counters, 60n);
    const third = decide(second.counters, 40n);
    expect([first.kind, second.kind, third.kind]).toEqual(['admitted', 'refused', 'admitted']);
    expect(second).toMatchObject({
      refusal: { reason: 'OPEN_NOTIONAL_OVER_LIMIT', metadata: { open: '0.60', notional: '0.60', limit: '1.00' } },
    });
  });

  it('never exceeds a limit, whatever is requested', () => {
    const requests = fc.array(fc.bigInt({ min: 0n, max: 80n }), { maxLength: 30 });
    fc.assert(
      fc.property(requests, (notionals) => {
        let counters = fresh;
        for (const notionalCents of notionals) {
          counters = admit(counters, { notionalCents, limits, refusal: undefined }, 1n).counters;
        }
        expect(counters.openNotionalCents <= 100n && counters.openCount <= 3).toBe(true);
        expect(counters.changeSequence).toBe(BigInt(notionals.length));
      }),
    );
  });

  it('counts the rate by the second and leaves no trace of what is over it', () => {
    const slow = { ...limits, ordersPerSecondMax: 1 };
    const ask = { notionalCents: 1n, limits: slow, refusal: undefined };
    const first = admit(fresh, ask, 7n);
    expect(admit(first.counters, ask, 7n)).toEqual({ kind: 'limited', counters: first.counters });
    expect(admit(first.counters, ask, 8n).kind).toBe('admitted');
  });

  it('records a refusal that was found before', () => {
    const refusal = { reason: 'ACCOUNT_FROZEN', metadata: {} };
    expect(admit(fresh, { notionalCents: 1n, limits, refusal }, 1n)).toMatchObject({
      kind: 'refused',
      refusal,
      counters: { openCount: 0, changeSequence: 1n },
    });
  });
});
