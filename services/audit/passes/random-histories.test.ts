import { describe, expect, it } from 'vitest';
import type { HistoryStores } from '../testing/history-stores.ts';
import { proveHistory } from '../testing/prove-history.ts';
import { createRandom, makeHistory } from '../testing/random-history.ts';

// AUDIT_HISTORIES=100000 proves as many.
const histories = Number(process.env.AUDIT_HISTORIES ?? 300);
const firstSeed = Number(process.env.AUDIT_SEED ?? 1);
const stepsMax = 25;

async function proveSeed(seed: number, damage?: (stores: HistoryStores) => void) {
  const random = createRandom(seed);
  return proveHistory(makeHistory(random, 1 + random.below(stepsMax)), random, damage);
}

describe('random histories', () => {
  it('give no finding while nothing is wrong', { timeout: 3_600_000 }, async () => {
    for (let seed = firstSeed; seed < firstSeed + histories; seed += 1) {
      const findings = await proveSeed(seed);
      if (findings.length > 0) expect({ seed, findings }).toEqual({ seed, findings: [] });
    }
  });

  it('give a finding for a fee that is a cent too high in one of the stores', { timeout: 60_000 }, async () => {
    let damaged = 0;
    for (let seed = 1; seed <= 40; seed += 1) {
      let isDamaged = false;
      const findings = await proveSeed(seed, ({ order }) => {
        const row = (order.orders ?? []).find(({ values }) => values.state === 'open');
        if (!row) return;
        isDamaged = true;
        Object.assign(row.values, { fee_cents: String(BigInt(row.values.fee_cents ?? 0) + 1n) });
      });
      if (!isDamaged) continue;
      damaged += 1;
      expect(findings.map(({ rule }) => rule)).toEqual(['order-follows-the-feed']);
    }
    expect(damaged).toBeGreaterThan(5);
  });
});
