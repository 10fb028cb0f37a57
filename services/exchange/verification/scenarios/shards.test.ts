import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import { acme, newOrder } from '../../testing/requests.ts';
import { type ExchangeSettings, startExchange, type TestExchange } from '../../testing/running-exchange.ts';

const shards = '0=ACME;1=BETA,GAMMA;2=DELTA';
const symbols = ['ACME', 'BETA', 'GAMMA', 'DELTA'];

let database: TestDatabase;
const running: TestExchange[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(async () => {
  for (const each of running.splice(0)) await each[Symbol.asyncDispose]();
  await database.drop();
});

async function start(settings: ExchangeSettings = {}): Promise<TestExchange> {
  const exchange = await startExchange(database.url, { shards, ...settings });
  running.push(exchange);
  await exchange.exchange.served;
  return exchange;
}

/** Lists the books and sends an order to each, through one process; returns the number of events of each shard. */
async function trade({ market, order }: TestExchange): Promise<bigint[]> {
  for (const symbol of symbols) await market.listSymbol({ listing: { ...acme, symbol } });
  for (const symbol of symbols) {
    const { results } = await order.submit({ orders: [newOrder('buy', { symbol }), newOrder('sell', { symbol })] });
    expect(results.map(({ tradedLots }) => tradedLots)).toEqual([0n, 10n]);
  }
  const heads = [0, 1, 2].map(async (shard) => (await order.getShard({ shard })).headSequence);
  return Promise.all(heads);
}

// For each book: listed, accepted, level changed, accepted, traded, level changed, and its checksum where there is one.
const eventsOfBook = 7n;

describe('several shards in one process', () => {
  it('have their own books and their own sequence', async () => {
    const one = await start();
    expect(await trade(one)).toEqual([eventsOfBook, 2n * eventsOfBook, eventsOfBook]);
    const { books } = await one.feed.getBooks({ shard: 1 });
    expect(books.map(({ listing }) => listing?.symbol)).toEqual(['BETA', 'GAMMA']);
  });

  it.each(['submit', 'cancel', 'void'] as const)(
    'refuse items of other shards, or of none, by themselves: %s',
    async (name) => {
      const { market, order } = await start();
      for (const symbol of ['ACME', 'BETA']) await market.listSymbol({ listing: { ...acme, symbol } });
      const orders = ['BETA', 'ACME', 'OMEGA', 'ACME'].map((symbol) => newOrder('buy', { symbol }));
      const items = orders.map(({ orderId, accountId, symbol }) => ({
        orderId,
        accountId,
        symbol,
        commandId: uuidV7(),
      }));
      const { results } = await order[name]({ orders, items });
      expect(results.map(({ reason }) => reason === ErrorReason.NOT_THE_SHARD_HOLDER)).toEqual([
        true,
        false,
        true,
        false,
      ]);
      expect(results.map(({ feedSequence }) => feedSequence > 0n)).toEqual([false, true, false, true]);
      const alone = await order[name]({ orders: orders.slice(2, 3), items: items.slice(2, 3) });
      expect(alone.results).toMatchObject([{ reason: ErrorReason.NOT_THE_SHARD_HOLDER, feedSequence: 0n }]);
      // What was refused for its company is carried out when it comes alone.
      const again = await order[name]({ orders: orders.slice(0, 1), items: items.slice(0, 1) });
      expect(again.results[0]?.feedSequence).toBeGreaterThan(0n);
    },
  );

  it('refuse other calls for symbols of no shard', async () => {
    const { order, market, feed } = await start();
    const unlisted = market.listSymbol({ listing: { ...acme, symbol: 'OMEGA' } });
    await expect(unlisted).rejects.toMatchObject({ reason: ErrorReason.SYMBOL_UNKNOWN });
    await expect(feed.getBooks({ shard: 3 })).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
    await expect(order.getShard({ shard: -1 })).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  });
});

describe('one process for each shard', () => {
  it('answers for all shards: calls go to the process that has the symbol', async () => {
    const processes = [];
    for (const processShards of ['0', '1', '2']) processes.push(await start({ processShards }));
    const [first] = processes;
    if (!first) throw new Error('nothing runs');
    expect(await trade(first)).toEqual([eventsOfBook, 2n * eventsOfBook, eventsOfBook]);
    for (const [own, { exchange, order }] of processes.entries()) {
      const states = [...exchange.deps.replicas.values()].map(({ state }) => state);
      expect(states).toEqual([0, 1, 2].map((shard) => (shard === own ? 'serving' : 'forwarding')));
      const symbol = symbols.at(own + 1);
      const { results } = await order.submit({ orders: [newOrder('buy', { symbol })] });
      expect(results[0]?.reason).toBe(ErrorReason.UNSPECIFIED);
    }
  });
});
