import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LedgerEntry, LedgerEntrySchema } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { consumerLease, type FeedPage } from '#platform/feed/consume-feed.ts';
import { FeedApplier } from '#platform/feed/feed-applier.ts';
import { PositionMovedError } from '#platform/feed/position.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { readHoldings } from '../store/read-holdings.ts';
import { share, startSurroundings, type TestReplica, type TestSurroundings } from '../testing/start-portfolio.ts';
import { updateHoldings } from './update-holdings.ts';

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
  eventually(async () => {
    const holdings = await readHoldings(database(), accountId);
    expect(holdings.sequence).toBe(sequence);
    return holdings.cashMicros;
  });

describe('consumeLedger', () => {
  it('applies each entry once, with two replicas, and goes on in the other when the holder ends', async () => {
    const { accountId } = await around.newAccount();
    for (let count = 0; count < 500; count += 1) around.ledger.cash(accountId, 1n);
    expect(await cashAt(accountId, around.ledger.head())).toBe(500n);
    const { rows } = await database().query<{ name: string }>('SELECT name FROM platform.lease ORDER BY name');
    expect(rows).toEqual([{ name: 'feed.ledger' }, { name: 'feed.ledger.lots' }]);
    await replicas.shift()?.[Symbol.asyncDispose]();
    for (let count = 0; count < 500; count += 1) around.ledger.cash(accountId, 1n);
    expect(await cashAt(accountId, around.ledger.head())).toBe(1_000n);
  });
});

describe('updateHoldings', () => {
  const pageOf = (
    first: bigint,
    ...entries: MessageInitShape<typeof LedgerEntrySchema>['entry'][]
  ): FeedPage<LedgerEntry> => ({
    entries: entries.map((entry, index) => create(LedgerEntrySchema, { sequence: first + BigInt(index), entry })),
    epoch: '',
    headSequence: first,
    fingerprint: '',
  });
  const cash = (accountId: string) => ({
    case: 'cashMoved' as const,
    value: { accountId, amountMicros: 5n, transferId: 't' },
  });
  /** Another consumer of the same feed, with the newest token of the lease but for the difference. */
  const openRival = async (tokenDifference = 0n) => {
    const db = database();
    const leaseName = consumerLease('ledger');
    const { rows } = await db.query<{ token: bigint }>('SELECT token FROM platform.lease WHERE name = $1', [leaseName]);
    const fence = { leaseName, token: (rows[0]?.token ?? 0n) + tokenDifference };
    const rival = new FeedApplier({ db, feed: 'ledger', apply: updateHoldings }, fence);
    await rival.begin();
    return rival;
  };

  it('changes nothing for a holder whose lease was taken over, and for a page that another has applied', async () => {
    const { accountId } = await around.newAccount();
    const [overtaken, rival] = [await openRival(-1n), await openRival()] as const;
    const head = around.ledger.head();
    await expect(overtaken.take(pageOf(head + 1n, cash(accountId)))).rejects.toThrow('taken over');
    expect(around.ledger.cash(accountId, 5n)).toBe(head + 1n);
    expect(await cashAt(accountId, head + 1n)).toBe(5n);
    await expect(rival.take(pageOf(head + 1n, cash(accountId)))).rejects.toThrow(PositionMovedError);
    expect(await cashAt(accountId, head + 1n)).toBe(5n);
  });

  it('writes what comes before an impossible entry, and nothing of that entry', async () => {
    const { accountId } = await around.newAccount();
    const head = around.ledger.head();
    const trade = {
      case: 'tradeSettled' as const,
      value: {
        tradeId: 't',
        symbol: 'ACME',
        quantityMicros: share,
        valueMicros: 10_000n,
        buyer: { accountId },
        seller: { accountId: 'owns-nothing' },
      },
    };
    const rival = await openRival();
    await expect(rival.take(pageOf(head + 1n, cash(accountId), trade))).rejects.toThrow('more shares');
    around.ledger.cash(accountId, 5n);
    expect(await cashAt(accountId, head + 1n)).toBe(5n);
  });

  it('refuses an entry of a kind that this release does not know', async () => {
    const { accountId } = await around.newAccount();
    const head = around.ledger.head();
    const rival = await openRival();
    const page = pageOf(head + 1n, cash(accountId), { case: undefined });
    await expect(rival.take(page)).rejects.toThrow('no known kind');
    around.ledger.cash(accountId, 5n);
    expect(await cashAt(accountId, head + 1n)).toBe(5n);
  });
});
