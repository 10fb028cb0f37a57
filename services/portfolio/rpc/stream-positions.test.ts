import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Code } from '#platform/errors/code.ts';
import { share, startSurroundings, type TestReplica, type TestSurroundings } from '../testing/start-portfolio.ts';

describe('streamPositions', () => {
  let around: TestSurroundings;
  let replica: TestReplica;
  beforeAll(async () => {
    around = await startSurroundings({ ACME: '10.00' });
    replica = await around.startReplica({ snapshotWaitMs: 5_000 });
  });
  afterAll(async () => {
    await replica?.[Symbol.asyncDispose]();
    await around?.[Symbol.asyncDispose]();
  });

  const read = async (minLedgerSequence: bigint) => {
    const sequences = new Set<bigint>();
    const assets: { accountId: string; asset: string; amount: bigint }[] = [];
    let pages = 0;
    for await (const message of replica.internal.streamPositions({ minLedgerSequence })) {
      pages += 1;
      sequences.add(message.ledgerSequence);
      expect(message.assets.length).toBeLessThanOrEqual(500);
      assets.push(...message.assets);
    }
    return { sequences, assets, pages };
  };

  it('states its position even when no account owns anything', async () => {
    expect(await read(0n)).toEqual({ sequences: new Set([0n]), assets: [], pages: 1 });
  });

  it('waits for the requested position, and sends all of one snapshot while the feed goes on', async () => {
    const { ledger } = around;
    const [buyer, seller] = [await around.newAccount(), await around.newAccount()];
    ledger.issue(seller.accountId, 'ACME', 1_000_000n * share);
    for (let count = 0; count < 1_200; count += 1) ledger.cash(`account-${count}`, 1n + BigInt(count));
    const trade = { symbol: 'ACME', buyer: buyer.accountId, seller: seller.accountId };
    const head = ledger.trade({ ...trade, quantityMicros: share, valueMicros: 10_000_000n });
    const busy = setInterval(() => ledger.trade({ ...trade, quantityMicros: share, valueMicros: 10_000_000n }), 2);
    const { sequences, assets, pages } = await read(head);
    clearInterval(busy);
    const [sequence = 0n] = sequences;
    expect(sequences.size).toBe(1);
    expect(sequence).toBeGreaterThanOrEqual(head);
    expect(pages).toBeGreaterThanOrEqual(3);
    const trades = sequence - head + 1n;
    const amount = (accountId: string, asset: string) =>
      assets.find((row) => row.accountId === accountId && row.asset === asset)?.amount;
    expect(amount(buyer.accountId, 'ACME')).toBe(trades * share);
    expect(amount(buyer.accountId, 'USD')).toBe(-trades * 10_000_000n);
    expect(amount(seller.accountId, 'ACME')).toBe((1_000_000n - trades) * share);
    expect(amount('account-1199', 'USD')).toBe(1_200n);
    expect(assets).toHaveLength(1_204);
  });

  it('fails with DEADLINE_EXCEEDED when the feed does not come that far', async () => {
    await using impatient = await around.startReplica({ snapshotWaitMs: 100 });
    const stream = impatient.internal.streamPositions({ minLedgerSequence: 10n ** 12n });
    const first = stream[Symbol.asyncIterator]().next();
    await expect(first).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
  });

  it('frees its connection when its readers leave early', async () => {
    // More of them than the pool has connections.
    for (let count = 0; count < 12; count += 1) {
      for await (const { assets } of replica.internal.streamPositions({ minLedgerSequence: 0n })) {
        expect(assets.length).toBe(500);
        break;
      }
    }
    expect((await read(0n)).assets.length).toBeGreaterThan(1_000);
  });
});
