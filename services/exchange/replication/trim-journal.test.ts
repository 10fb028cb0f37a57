import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { JournalDamagedError, JournalTrimmedError } from '../journal/errors.ts';
import { confirmFeed } from '../store/confirm-feed.ts';
import { readGroupsAfter } from '../store/read-groups-after.ts';
import { readSnapshots } from '../store/read-snapshots.ts';
import { acme, newOrder, readFeed } from '../testing/requests.ts';
import { connectAs, startExchange } from '../testing/running-exchange.ts';
import { createJournalDatabase, exercise, freshOrder, type JournalDatabase, startTestTerm } from '../testing/terms.ts';
import { catchUp, recover } from './recover.ts';
import type { Term } from './term.ts';
import { confirmingFollowers, trimJournal } from './trim-journal.ts';

let journal: JournalDatabase;
const { signal } = new AbortController();
const often = { eventsMax: 40, intervalMs: 3_600_000, intervalMinMs: 0 };

beforeEach(async () => {
  journal = await createJournalDatabase();
});

afterEach(async () => {
  await journal[Symbol.asyncDispose]();
});

const firstGroup = async () => (await readGroupsAfter(journal.db, 0, 0))[0]?.groupNumber;
const trim = () => trimJournal({ db: journal.db, shard: 0, snapshotsMin: 3, signal });
const confirm = (sequence: number, followers = confirmingFollowers) =>
  Promise.all(followers.map((follower) => confirmFeed(journal.db, { shard: 0, follower, sequence: BigInt(sequence) })));

/** Fills the journal with groups until it has three snapshots. */
async function fill(term: Term): Promise<void> {
  await exercise(term, 20);
  for (let start = 20; (await readSnapshots(journal.db, 0, 9)).length < 3; start += 20) {
    await term.submit(Array.from({ length: 20 }, (_, i) => freshOrder(start + i)));
    await term.snapshots.settled;
  }
}

/** The same, in a term that has ended; its last sequence, and those of the snapshots, the newest first. */
async function fillJournal(): Promise<{ head: number; snapshots: number[] }> {
  const term = await startTestTerm(journal.db, {}, { snapshots: often });
  await fill(term);
  term.stop('the test stops it');
  const headers = await readSnapshots(journal.db, 0, 9);
  return { head: term.head().sequence, snapshots: headers.map(({ sequence }) => sequence) };
}

describe('trimJournal', () => {
  it('deletes nothing before each of the followers has confirmed, whatever one of them did', async () => {
    const { head } = await fillJournal();
    await confirm(head, confirmingFollowers.slice(1));
    expect(await trim()).toEqual({ groupNumber: 0, sequence: 0 });
    expect(await firstGroup()).toBe(1);
  });

  it('deletes nothing that the slowest follower has not confirmed, and never takes a confirmation back', async () => {
    const { head } = await fillJournal();
    await confirm(head);
    await journal.db.query("UPDATE confirmation SET sequence = 30 WHERE follower = 'ledger'");
    await confirm(10, ['ledger']);
    const start = await trim();
    expect(start.sequence).toBeLessThanOrEqual(30);
    expect(start.sequence).toBeGreaterThan(10);
    expect(await firstGroup()).toBe(start.groupNumber);
  });

  it('leaves what any of the snapshots needs: each of them leads to the head', async () => {
    const { head, snapshots } = await fillJournal();
    const whole = await recover(journal.db, 0);
    await confirm(head);
    const start = await trim();
    expect(start.sequence).toBe(snapshots.at(-1));
    expect(await firstGroup()).toBe(start.groupNumber);
    expect(start.groupNumber).toBeGreaterThan(1);
    for (let left = snapshots.length; left > 0; left--) {
      const recovered = await recover(journal.db, 0);
      expect(recovered.snapshotSequence).toBe(snapshots.at(-left));
      expect(recovered.engine.stateHash()).toBe(whole.engine.stateHash());
      await journal.db.query('DELETE FROM snapshot WHERE sequence = $1', [recovered.snapshotSequence]);
    }
    await expect(recover(journal.db, 0)).rejects.toThrow(JournalTrimmedError);
  });

  it('lets an engine that misses a deleted group begin anew, and one that misses another one end', async () => {
    const behind = await startTestTerm(journal.db);
    behind.stop('the test stops it');
    const engine = behind.releaseEngine();
    if (!engine) throw new Error('the engine is not whole');
    const { head } = await fillJournal();
    await confirm(head);
    await trim();
    await expect(catchUp(journal.db, 0, engine)).rejects.toThrow(JournalTrimmedError);
    const last = await startTestTerm(journal.db);
    for (const number of [9_001, 9_002]) await last.submit([freshOrder(number)]);
    last.stop('the test stops it');
    await journal.db.query('DELETE FROM journal WHERE group_number = $1', [last.head().groupNumber - 1]);
    await expect(recover(journal.db, 0)).rejects.toThrow(JournalDamagedError);
  });
});

describe('a term', () => {
  it.each([true, false])('deletes after a snapshot, unless the journal is to stay whole: %s', async (trimsJournal) => {
    await confirm(1_000_000);
    const term = await startTestTerm(journal.db, {}, { snapshots: { ...often, trimsJournal } });
    await fill(term);
    term.stop('the test stops it');
    expect((await firstGroup()) === 1).toBe(!trimsJournal);
  });
});

describe('a running exchange', () => {
  it('deletes what was confirmed after a snapshot, serves the rest, and refuses positions from before', async () => {
    await using exchange = await startExchange(journal.url, { snapshots: often });
    await exchange.exchange.served;
    await exchange.market.listSymbol({ listing: acme });
    const head = async () => (await exchange.order.getShard({ shard: 0 })).headSequence;
    await using ledger = connectAs('ledger', exchange.port);
    await using order = connectAs('order', exchange.port);
    const past = ledger.confirm({ shard: 0, follower: 'ledger', sequence: (await head()) + 1n });
    await expect(past).rejects.toMatchObject({ reason: ErrorReason.FEED_POSITION_UNKNOWN });
    let start = 0n;
    for (let round = 0; round < 60 && start === 0n; round++) {
      await exchange.order.submit({ orders: Array.from({ length: 20 }, () => newOrder('buy')) });
      const sequence = await head();
      await confirm(Number(sequence), ['audit', 'auto']);
      await ledger.confirm({ shard: 0, follower: 'ledger', sequence });
      const answer = await order.confirm({ shard: 0, follower: 'order', sequence });
      start = answer.startSequence;
    }
    expect(start).toBeGreaterThan(0n);
    const served = await readFeed(exchange, start, await head());
    expect(served[0]?.sequence).toBe(start + 1n);
    await expect(readFeed(exchange, start - 1n, await head())).rejects.toMatchObject({
      reason: ErrorReason.FEED_POSITION_UNKNOWN,
      metadata: { start: String(start) },
    });
    await expect(order.confirm({ shard: 0, follower: 'ledger', sequence: 1n })).rejects.toMatchObject({
      reason: ErrorReason.INVALID_FIELD,
    });
  });
});
