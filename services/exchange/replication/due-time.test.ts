import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pause } from '#platform/time/pause.ts';
import { TimeInForce, TradingState } from '../engine/model/codes.ts';
import { listing } from '../engine/testing/driver.ts';
import { createJournalDatabase, freshOrder, type JournalDatabase, startTestTerm } from '../testing/terms.ts';
import { recover } from './recover.ts';
import type { Term } from './term.ts';

let journal: JournalDatabase;
let term: Term;

beforeEach(async () => {
  journal = await createJournalDatabase();
  term = await startTestTerm(journal.db);
  await term.submit([{ kind: 'list', listing: listing() }]);
});

afterEach(async () => {
  term.stop('the test stops it');
  await journal[Symbol.asyncDispose]();
});

const untilResting = (count: number) => expect.poll(() => term.head().restingCount).toBe(count);
const expiring = (number: number, inMs: number) => {
  return { ...freshOrder(number), timeInForce: TimeInForce.GTD, expireTimeMs: Date.now() + inMs };
};

describe('what is due without a command', () => {
  it('happens at its time, and is journalled', async () => {
    await term.submit([expiring(2, 1_000), expiring(4, 60_000)]);
    expect(term.head().restingCount).toBe(2);
    const startTimeMs = performance.now();
    await untilResting(1);
    expect(performance.now() - startTimeMs).toBeLessThan(10_000);
    const { engine } = await recover(journal.db, 0);
    expect(engine.stateHash()).toBe(term.head().stateHash);
  });

  it('happens before a later command', async () => {
    const { expireTimeMs } = expiring(2, 0);
    await term.submit([{ ...expiring(2, 0), expireTimeMs: expireTimeMs + 60 }]);
    while (Date.now() < expireTimeMs + 60);
    const [outcome] = await term.submit([{ ...freshOrder(1), priceTicks: 1 }]);
    expect(outcome).toMatchObject({ accepted: true, tradedLots: 0 });
  });

  it('happens too when it fell due while no process served the shard', async () => {
    await term.submit([expiring(2, 100), freshOrder(4)]);
    await term.submit([{ kind: 'keepAlive', sessionId: 's', accountId: 'a', ttlMs: 100 }]);
    await term.submit([{ ...freshOrder(6), sessionId: 's', accountId: 'a' }]);
    term.stop('the test stops it');
    await pause(300);
    term = await startTestTerm(journal.db);
    await untilResting(1);
  });

  it('waits while the term is paused', async () => {
    // Late enough for a busy machine to pause the term before.
    await term.submit([expiring(2, 1_000)]);
    await term.pause();
    await pause(1_200);
    expect(term.head().restingCount).toBe(1);
    term.resume();
    await untilResting(0);
  });

  it('ends a halt of the circuit breaker', async () => {
    const breaker = { breakerBps: 100, breakerHaltMs: 1_000, breakerAuctionMs: 1_000 };
    const book = { ...listing({ ...breaker, symbol: 'WILD' }), symbol: 'WILD' };
    const order = (number: number, priceTicks: number) => ({ ...freshOrder(number), symbol: 'WILD', priceTicks });
    await term.submit([{ kind: 'list', listing: book }, order(1, 110), order(2, 110)]);
    const stateOf = () => term.view.books[1]?.state;
    expect(stateOf()).toBe(TradingState.HALTED);
    await expect.poll(stateOf).toBe(TradingState.CONTINUOUS);
  });
});
