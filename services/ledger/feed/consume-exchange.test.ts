import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SettlementHaltedSchema } from '#gen/outcry/ledger/v1/events_pb.ts';
import { createPostgresBus } from '#platform/bus/postgres/postgres-bus.ts';
import { readFeedState } from '#platform/feed/feed-state.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { cancelled, traded } from '../testing/orders.ts';
import { startTradingFixture, type TradingFixture } from '../testing/trading-fixture.ts';

let fixture: TradingFixture;

beforeAll(async () => {
  fixture = await startTradingFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

describe('consumeExchange', () => {
  it('settles a partial fill and frees the rest when the order is cancelled, with statement and feed', async () => {
    const { buyer, seller } = fixture;
    const { maker, taker } = await fixture.placePair();
    const tradeId = '0-partial';
    const part = { maker, taker, lots: 4n, priceTicks: 100n, makerLeft: 6n, takerLeft: 6n };
    fixture.peers.append('ACME', traded({ tradeId, ...part }), cancelled(taker, 6n), cancelled(maker, 6n));
    await fixture.settledUpTo(3);
    expect(await fixture.assetsOf(buyer)).toEqual({ cash: '999995.99', held: '0.00', shares: '4', sharesHeld: '0' });
    expect(await fixture.assetsOf(seller)).toEqual({ cash: '3.99', held: '0.00', shares: '99996', sharesHeld: '0' });
    const { entries } = await fixture.clients.ledger.listStatement({ pageSize: 3 }, buyer);
    expect(entries.map(({ asset, amount, reference, orderId }) => [asset, amount, reference, orderId])).toEqual([
      ['USD', '-0.01', tradeId, taker.orderId],
      ['ACME', '4', tradeId, taker.orderId],
      ['USD', '-4.00', tradeId, taker.orderId],
    ]);
    expect(await readEntry(entries[0]?.sequence ?? 0n)).toMatchObject({
      case: 'tradeSettled',
      value: {
        tradeId,
        quantityMicros: 4_000_000n,
        valueMicros: 4_000_000n,
        valueCents: 400n,
        buyer: { feeMicros: 10_000n },
        seller: { feeMicros: 10_000n },
      },
    });
  });

  it('settles nothing twice when replicas come and go while events flow', async () => {
    const { seller } = fixture;
    const before = await fixture.countTrades();
    const { cash: cashBefore } = await fixture.assetsOf(seller);
    const replicas = [await fixture.startReplica(), await fixture.startReplica()];
    const pairs = [];
    for (let i = 0; i < 60; i += 1) pairs.push(await fixture.placePair(1n));
    for (const [index, pair] of pairs.entries()) {
      fixture.peers.append('ACME', fixture.fullTrade(pair));
      if (index % 20 !== 10) continue;
      await replicas.shift()?.app.shutdown();
      replicas.push(await fixture.startReplica());
    }
    await fixture.settledUpTo(fixture.peers.events.length);
    expect((await fixture.countTrades()) - before).toBe(60);
    // A sale of 1.00 pays a fee of 0.01.
    const { cash, sharesHeld } = await fixture.assetsOf(seller);
    expect(centsOf(cash) - centsOf(cashBefore)).toBe(60n * 99n);
    expect(sharesHeld).toBe('0');
  });
});

describe('confirmExchange', () => {
  it('confirms what was settled for good, from every replica, and nothing beyond', async () => {
    const { peers } = fixture;
    const { app } = await fixture.startReplica({ confirmPauseMs: 50 });
    const pair = await fixture.placePair();
    peers.append('ACME', fixture.fullTrade(pair));
    const head = BigInt(peers.events.length);
    await eventually(() => expect(peers.confirmed).toContainEqual({ follower: 'ledger', sequence: head }));
    await app.shutdown();
    expect(peers.confirmed.every(({ sequence }) => sequence <= head)).toBe(true);
  });
});

describe('a halted shard', () => {
  const alarms: { key: string; sequence: bigint }[] = [];
  let bus: AsyncDisposable;
  const halt = async () => (await readFeedState(fixture.db, 'exchange.0')).halt;

  beforeAll(async () => {
    const opened = createPostgresBus({ url: fixture.bus.url, serviceName: 'test', logger: silentLogger });
    bus = opened;
    await opened.subscribe({
      queue: 'test.alarms',
      types: [SettlementHaltedSchema.typeName],
      handlePage: async (events) => {
        for (const { key, payload } of events) {
          alarms.push({ key, sequence: fromBinary(SettlementHaltedSchema, payload).sequence });
        }
      },
    });
  });
  afterAll(() => bus?.[Symbol.asyncDispose]());

  it('has settled what came before the impossible event, raises the alarm, and skips nothing', async () => {
    const [before, broken, after] = [
      await fixture.placePair(),
      await fixture.placePair(),
      await fixture.placePair(),
    ] as const;
    const start = fixture.peers.events.length;
    const trades = await fixture.countTrades();
    // The hold is lost: the trade cannot be settled any more.
    const { rowCount } = await fixture.db.query(`UPDATE hold SET state = 'released', amount = 0 WHERE order_id = $1`, [
      broken.taker.orderId,
    ]);
    expect(rowCount).toBe(1);
    fixture.peers.append('ACME', ...[before, broken, after].map(fixture.fullTrade));
    await eventually(async () => expect(await halt()).toMatchObject({ sequence: BigInt(start + 2) }));
    await fixture.settledUpTo(start + 1);
    expect(await fixture.countTrades()).toBe(trades + 1);
    await eventually(() => expect(alarms).toEqual([{ key: '0', sequence: BigInt(start + 2) }]));
    // The operator has repaired the row and lifts the halt: settlement resumes with the same event.
    await fixture.db.query(`UPDATE hold SET state = 'open', amount = 10020000 WHERE order_id = $1`, [
      broken.taker.orderId,
    ]);
    await fixture.db.query(`UPDATE platform.feed_position SET halt_sequence = NULL WHERE name = 'exchange.0'`);
    await fixture.settledUpTo(start + 3);
    expect(await fixture.countTrades()).toBe(trades + 3);
  });

  it('is one whose exchange has split shares that someone owns, by name and with nothing changed', async () => {
    const { seller } = fixture;
    const { maker } = await fixture.placePair();
    const start = fixture.peers.events.length;
    const before = await fixture.assetsOf(seller);
    const replaced = { orderId: maker.orderId, priceTicks: 50n, quantityLots: 20n, remainingLots: 20n };
    fixture.peers.append(
      'ACME',
      { case: 'split', value: { numerator: 2, denominator: 1 } },
      { case: 'replaced', value: replaced },
    );
    await eventually(async () => expect(await halt()).toMatchObject({ sequence: BigInt(start + 1) }));
    expect((await halt())?.cause).toMatch(/^ACME was split 2:1 and \d+ shares of it are owned/);
    await eventually(() => expect(alarms.at(-1)).toEqual({ key: '0', sequence: BigInt(start + 1) }));
    expect(await fixture.assetsOf(seller)).toEqual(before);
    // What follows in this test goes on behind it, as the exchange never splits a symbol that it has orders of.
    fixture.peers.events.length = start;
    await fixture.db.query(`UPDATE platform.feed_position SET halt_sequence = NULL WHERE name = 'exchange.0'`);
  });

  it('is not one whose exchange has split a symbol of which no share was issued', async () => {
    const start = fixture.peers.events.length;
    fixture.peers.append('NEWCO', { case: 'split', value: { numerator: 1, denominator: 10 } });
    fixture.peers.append('ACME', fixture.fullTrade(await fixture.placePair()));
    await fixture.settledUpTo(start + 2);
  });

  it('is also one whose exchange has lost its history, and each halt raises one alarm', async () => {
    const settled = fixture.peers.events.length;
    const raised = alarms.length;
    fixture.peers.epoch = 'second';
    fixture.peers.append('ACME', fixture.fullTrade(await fixture.placePair()));
    await eventually(async () => expect((await halt())?.cause).toContain('lost its history'));
    await eventually(() => expect(alarms.length).toBeGreaterThan(raised));
    // Alarms of one shard come in order: one too many for the halt before would be among these.
    expect(alarms.slice(raised)).toEqual([{ key: '0', sequence: BigInt(settled) }]);
    expect(raised).toBe(2);
  });
});

function centsOf(decimal: string | undefined): bigint {
  return BigInt((decimal ?? '0').replace('.', ''));
}

async function readEntry(sequence: bigint) {
  const stream = fixture.clients.feed.follow({ afterSequence: sequence - 1n });
  for await (const { entries } of stream) if (entries[0]) return entries[0].entry;
  return undefined;
}
