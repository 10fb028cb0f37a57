import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Entry } from '../domain/entry.ts';
import { readHoldings } from '../store/read-holdings.ts';
import type { TestReplica, TestSurroundings } from '../testing/start-portfolio.ts';
import { share, startSurroundings } from '../testing/start-portfolio.ts';
import { applyPage, followerLease } from './apply-entries.ts';

describe('followLedger', () => {
  let around: TestSurroundings;
  const replicas: TestReplica[] = [];
  beforeAll(async () => {
    around = await startSurroundings({ ACME: '10.00' });
    replicas.push(await around.startReplica(), await around.startReplica());
  });
  afterAll(async () => {
    for (const replica of replicas) await replica[Symbol.asyncDispose]();
    await around?.[Symbol.asyncDispose]();
  });

  const database = () => {
    const replica = replicas.at(-1);
    if (replica === undefined) throw new Error('no replica runs');
    return replica.deps.db;
  };
  const cashAt = (accountId: string, sequence: bigint) =>
    vi.waitFor(
      async () => {
        const holdings = await readHoldings(database(), accountId);
        expect(holdings.sequence).toBe(sequence);
        return holdings.cashCents;
      },
      { timeout: 10_000, interval: 20 },
    );

  it('applies each entry once, with two replicas, and goes on in the other when the holder ends', async () => {
    const { accountId } = await around.newAccount();
    for (let count = 0; count < 500; count += 1) around.ledger.cash(accountId, 1n);
    expect(await cashAt(accountId, around.ledger.head())).toBe(500n);
    const { rows } = await database().query<{ name: string }>('SELECT name FROM platform.lease');
    expect(rows).toEqual([{ name: followerLease }]);
    await replicas.shift()?.[Symbol.asyncDispose]();
    for (let count = 0; count < 500; count += 1) around.ledger.cash(accountId, 1n);
    expect(await cashAt(accountId, around.ledger.head())).toBe(1_000n);
  });

  it('refuses a page of a holder whose lease was taken over, and a page that was applied already', async () => {
    const db = database();
    const { accountId } = await around.newAccount();
    const head = around.ledger.cash(accountId, 5n);
    expect(await cashAt(accountId, head)).toBe(5n);
    const { rows } = await db.query<{ token: bigint }>('SELECT token FROM platform.lease');
    const token = rows[0]?.token ?? 0n;
    const page = (sequence: bigint): Entry[] => [{ kind: 'cash', sequence, timeMs: 0, accountId, amountCents: 5n }];
    await expect(applyPage(db, token - 1n, page(head + 1n))).rejects.toThrow('taken over');
    await expect(applyPage(db, token, page(head))).rejects.toThrow('not');
    expect(await cashAt(accountId, head)).toBe(5n);
  });

  it('writes neither holdings nor position when a page cannot be', async () => {
    const db = database();
    const { accountId } = await around.newAccount();
    const head = around.ledger.head();
    const { rows } = await db.query<{ token: bigint }>('SELECT token FROM platform.lease');
    const buyer = { accountId, feeCents: 0n };
    const seller = { accountId: 'owns-nothing', feeCents: 0n };
    const page: Entry[] = [
      { kind: 'cash', sequence: head + 1n, timeMs: 0, accountId, amountCents: 5n },
      {
        kind: 'trade',
        sequence: head + 2n,
        timeMs: 0,
        tradeId: 't',
        symbol: 'ACME',
        quantityMicros: share,
        valueCents: 1n,
        buyer,
        seller,
      },
    ];
    await expect(applyPage(db, rows[0]?.token ?? 0n, page)).rejects.toThrow('more shares');
    expect(await cashAt(accountId, head)).toBe(0n);
  });
});
