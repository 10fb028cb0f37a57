import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clockLookEveryMs, fixedClock } from '#platform/clock/clock.ts';
import { listing } from '../engine/testing/driver.ts';
import { readOwner } from '../store/read-owner.ts';
import { acme, newOrder } from '../testing/requests.ts';
import { startExchange } from '../testing/running-exchange.ts';
import { createJournalDatabase, freshOrder, type JournalDatabase, startTestTerm } from '../testing/terms.ts';
import { ClockFaultError, clockDeviationMaxMs, JournalClock } from './journal-clock.ts';

const dayMs = 86_400_000;

describe('JournalClock', () => {
  let [aheadMs, passedMs] = [0, 0];
  const clock = () => {
    [aheadMs, passedMs] = [0, 0];
    return new JournalClock({ nowMs: () => 1_000_000 + passedMs + aheadMs, monotonicMs: () => passedMs });
  };

  it('stamps with the machine’s clock as long as it passes as the monotonic one does', () => {
    const journalClock = clock();
    passedMs = dayMs;
    expect(journalClock.stamp()).toBe(1_000_000 + dayMs);
    aheadMs = clockDeviationMaxMs;
    expect(journalClock.stamp()).toBe(1_000_000 + dayMs + clockDeviationMaxMs);
  });

  it.each([1, -1])('refuses to stamp after a jump, direction %i, and again while it lasts', (direction) => {
    const journalClock = clock();
    aheadMs = direction * (clockDeviationMaxMs + 1);
    for (let i = 0; i < 3; i++) expect(() => journalClock.stamp()).toThrow(ClockFaultError);
    aheadMs = 0;
    expect(journalClock.stamp()).toBe(1_000_000);
  });

  it('stamps with what the market’s clock shows, which may be set, while the machine’s clock must not jump all the same', () => {
    let market = { aheadMs: dayMs, speed: 60 };
    const at = (machineMs: number) => market.aheadMs + machineMs * market.speed;
    const waitMs = (timeMs: number) => (timeMs - at(1_000_000 + passedMs)) / market.speed;
    [aheadMs, passedMs] = [0, 0];
    const journalClock = new JournalClock({
      nowMs: () => 1_000_000 + passedMs + aheadMs,
      monotonicMs: () => passedMs,
      clock: { ...fixedClock(), isSettable: true, at, waitMs },
    });
    passedMs = 500;
    expect(journalClock.stamp()).toBe(dayMs + 60 * 1_000_500);
    expect(journalClock.nowMs()).toBe(dayMs + 60 * 1_000_500);
    expect(journalClock.waitMs(journalClock.nowMs() + 600)).toBe(10);
    // A change of the setting is noticed soon.
    expect(journalClock.waitMs(journalClock.nowMs() + dayMs)).toBe(clockLookEveryMs);
    market = { aheadMs: 9 * dayMs, speed: 0 };
    expect(journalClock.stamp()).toBe(9 * dayMs);
    aheadMs = clockDeviationMaxMs + 1;
    expect(() => journalClock.stamp()).toThrow(ClockFaultError);
  });

  it('follows a clock that is corrected gradually, not one that runs away in small steps', () => {
    const slow = clock();
    for (let second = 1; second <= 100_000; second++) {
      [aheadMs, passedMs] = [second / 2, second * 1_000];
      expect(slow.stamp()).toBe(1_000_000 + passedMs + aheadMs);
    }
    const fast = clock();
    const runAway = () => {
      for (let second = 1; second <= 100; second++) {
        [aheadMs, passedMs] = [second * 1_000, second * 1_000];
        fast.stamp();
      }
    };
    expect(runAway).toThrow(ClockFaultError);
  });
});

describe('a shard whose clock jumps', () => {
  let journal: JournalDatabase;
  beforeEach(async () => {
    journal = await createJournalDatabase();
  });
  afterEach(async () => {
    await journal[Symbol.asyncDispose]();
  });

  const rows = async () => (await journal.db.query('SELECT FROM journal')).rowCount;

  it('ends its term without a group of that time, and with an engine that can go on', async () => {
    let aheadMs = 0;
    const term = await startTestTerm(journal.db, {}, { nowMs: () => Date.now() + aheadMs });
    await term.submit([{ kind: 'list', listing: listing() }]);
    const before = await rows();
    aheadMs = dayMs + 3_600_000;
    await expect(term.submit([freshOrder(0)])).rejects.toThrow('does not hold the shard');
    expect(term.signal.reason).toBeInstanceOf(ClockFaultError);
    expect(term.releaseEngine()).toBeDefined();
    expect(await rows()).toBe(before);
    const next = await startTestTerm(journal.db);
    await expect(next.submit([freshOrder(0)])).resolves.toMatchObject([{ accepted: true }]);
    next.stop('the test stops it');
  });

  it.each([dayMs, -dayMs])('is not taken by a process whose clock is %i ms off the database’s', async (offMs) => {
    const early = startTestTerm(journal.db, {}, { nowMs: () => Date.now() + offMs });
    await expect(early).rejects.toThrow(ClockFaultError);
    expect(await readOwner(journal.db, 0)).toBeUndefined();
  });

  it('is served again, with every order, once the clock is right', async () => {
    let aheadMs = 0;
    await using exchange = await startExchange(journal.url, { nowMs: () => Date.now() + aheadMs });
    await exchange.exchange.served;
    const { market, order } = exchange;
    await market.listSymbol({ listing: acme });
    const replica = exchange.exchange.deps.replicas.get(0);
    aheadMs = dayMs + 3_600_000;
    const waiting = order.submit({ orders: [newOrder('buy')] }, { timeoutMs: 20_000 });
    await expect.poll(() => replica?.clockFaults).toBeGreaterThan(1);
    aheadMs = 0;
    const { results } = await waiting;
    expect(results).toMatchObject([{ outcome: 1 }]);
    expect(Number(results[0]?.timeMs)).toBeLessThan(Date.now() + clockDeviationMaxMs);
  });
});
