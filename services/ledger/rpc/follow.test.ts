import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { LedgerEntry } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { createClients, type LedgerFixture, startFixture } from '../testing/fixture.ts';

let fixture: LedgerFixture;

beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

describe('follow', () => {
  it('sends everything from any position without a gap, then what another replica books, at once', async () => {
    const other = createClients((await fixture.startReplica()).address);
    const ann = await fixture.person({ cash: '1' });
    const entries: LedgerEntry[] = [];
    let heartbeats = 0;
    const stop = new AbortController();
    const following = (async () => {
      for await (const message of other.feed.follow({ afterSequence: 0n }, { signal: stop.signal })) {
        entries.push(...message.entries);
        if (message.entries.length === 0) heartbeats += 1;
      }
    })().catch(() => {});
    // An entry that was not announced would be found at the next heartbeat. By chance one may fall into an attempt, but not into each.
    let isAnnounced = false;
    for (let attempt = 1; attempt <= 5 && !isAnnounced; attempt += 1) {
      const before = heartbeats;
      const request = { idempotencyKey: `deposit-${attempt}`, amount: '7.77' };
      const { transfer } = await fixture.clients.ledger.deposit(request, ann);
      const value = {
        accountId: ann.accountId,
        transferId: transfer?.transferId,
        amountMicros: 7_770_000n,
        amountCents: 777n,
      };
      await expect.poll(() => entries.at(-1)?.entry).toMatchObject({ case: 'cashMoved', value });
      isAnnounced = heartbeats === before;
    }
    stop.abort();
    await following;
    expect(isAnnounced).toBe(true);
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => BigInt(index + 1)));
  });

  it('sends an adjustment to a follower that reads it, and ends the stream of one that does not before it', async () => {
    const ann = await fixture.person({ cash: '1' });
    const { rows } = await fixture.db.query<{ last: bigint }>('SELECT max(sequence) AS last FROM entry');
    const afterSequence = (rows[0]?.last ?? 0n) - 1n;
    const request = {
      idempotencyKey: 'follow',
      accountId: ann.accountId,
      asset: 'USD',
      amount: '-0.25',
      reason: 'a test',
    };
    await fixture.clients.admin.adjustAccount(request, { userToken: fixture.adminToken });
    const read = async (readsAdjustments: boolean) => {
      const seen: LedgerEntry[] = [];
      const stop = new AbortController();
      for await (const { entries } of fixture.clients.feed.follow(
        { afterSequence, readsAdjustments },
        { signal: stop.signal },
      )) {
        seen.push(...entries);
        if (seen.length === 2) return seen.map(({ entry }) => entry.case);
      }
      return [];
    };
    expect(await read(true)).toEqual(['cashMoved', 'accountAdjusted']);
    await expect(read(false)).rejects.toMatchObject({ code: Code.UNIMPLEMENTED });
    const older = fixture.clients.feed.follow({ afterSequence })[Symbol.asyncIterator]();
    expect((await older.next()).value?.entries).toHaveLength(1);
  });

  it('refuses a position that it has not reached, as the history behind it must have been lost', async () => {
    const stream = fixture.clients.feed.follow({ afterSequence: 1_000_000n })[Symbol.asyncIterator]();
    await expect(stream.next()).rejects.toMatchObject({
      code: Code.OUT_OF_RANGE,
      reason: ErrorReason.FEED_POSITION_UNKNOWN,
    });
  });

  it('refuses to go on from a history that it has lost, whether its head has passed the position or not', async () => {
    const ann = await fixture.person({ cash: '1' });
    const deposit = (amount: string) =>
      fixture.clients.ledger.deposit({ idempotencyKey: `lost-${amount}`, amount }, ann);
    const next = async (position: { afterSequence: bigint; seenSequence?: bigint; fingerprint?: string }) => {
      const stop = new AbortController();
      for await (const page of fixture.clients.feed.follow(position, { signal: stop.signal })) return page;
      throw new Error('the feed ended');
    };
    const { rows } = await fixture.db.query<{ last: bigint }>('SELECT max(sequence) AS last FROM entry');
    const stored = rows[0]?.last ?? 0n;
    await deposit('5');
    await expect.poll(async () => (await next({ afterSequence: stored })).entries.length).toBe(1);
    const { fingerprint, epoch } = await next({ afterSequence: stored });
    expect(epoch).not.toBe('');
    const position = { afterSequence: stored + 1n, seenSequence: stored + 1n, fingerprint };
    expect(await next(position)).toMatchObject({ entries: [], epoch });
    // The end of the log is gone with its transaction, as after a failover to a server that had not got it.
    await fixture.db.query('DELETE FROM posting WHERE sequence > $1', [stored]);
    await fixture.db.query('DELETE FROM entry WHERE sequence > $1', [stored]);
    await fixture.db.query(`UPDATE platform.feed_head SET sequence = $1 WHERE name = 'ledger'`, [stored]);
    const lost = { code: Code.OUT_OF_RANGE, reason: ErrorReason.FEED_HISTORY_LOST };
    await expect(next(position)).rejects.toMatchObject({ ...lost, metadata: { epoch, head: String(stored) } });
    await deposit('6');
    await expect.poll(async () => (await next({ afterSequence: stored })).entries.length).toBe(1);
    await expect(next(position)).rejects.toMatchObject(lost);
  });
});
