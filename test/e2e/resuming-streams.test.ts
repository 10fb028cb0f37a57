/**
 * Exchange, market, notification and gateway are killed under readers that resume: each ends with the same trades, fills and messages as every
 * other one and as the record, none twice and none missing, with the last state of each order, and with a book whose checksum is right.
 * RESUMING_STREAMS sets how many readers there are.
 */
import { crc32 } from 'node:zlib';
import type { JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Depth, DepthLevel } from '#gen/outcry/market/v1/market_pb.ts';
import type { SymbolPosition } from '#platform/stream/resume-token.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, placeOrder, registerInvestor } from '../support/investor.ts';
import { issueShares, logInAdmin, openBook } from '../support/market.ts';
import {
  type ReaderOptions,
  type ResumingReader,
  readDepth,
  readInbox,
  readOrders,
  readTrades,
} from '../support/resuming-reader.ts';
import { sharedSystemEnv } from '../support/shared-system.ts';
import type { TestClient } from '../support/test-client.ts';

const readersCount = Number(process.env.RESUMING_STREAMS ?? 100);
const patience = { timeoutMs: 90_000 };
const betweenOrdersMs = 50;
const tradesPerPart = 20;
let system: RunningSystem;
let client: TestClient;

beforeAll(async () => {
  system = await startSystem({ flags: ['--no-simulator'], env: sharedSystemEnv });
  client = createTestClient('connect', system.gatewayUrl);
}, 120_000);
afterAll(() => system?.[Symbol.asyncDispose](), 90_000);

it('readers that resume have everything once, in order, whatever is killed', { timeout: 400_000 }, async () => {
  const admin = await logInAdmin(client, system);
  const symbol = await openBook(admin, { referencePrice: '10.00' });
  const [buyer, seller] = [await registerInvestor(client), await registerInvestor(client)];
  await issueShares(admin, seller, symbol, '10000');
  const stop = new AbortController();
  const options: ReaderOptions = { gatewayUrl: system.gatewayUrl, signal: stop.signal };
  try {
    const from = await positionOf(symbol);
    const each = Math.ceil(readersCount / 4);
    const trades = Array.from({ length: 2 * each }, () => readTrades(from, options));
    const orders = Array.from({ length: each }, () => readOrders(buyer.token, options));
    const inboxes = Array.from({ length: 4 }, () => readInbox(buyer.token, options));
    const books = Array.from({ length: each }, () => readDepth(symbol, options));
    await eventually(() => expect(books.every(({ depth }) => depth !== undefined)).toBe(true), patience);
    const trading = trade(symbol, { buyer, seller, signal: stop.signal });
    const grow = () =>
      growBy(trades[0]?.seen ?? [], () => `${trading.placedCount()} orders placed, last ${trading.failure()}`);
    for (const name of ['exchange', 'market', 'notification', 'gateway']) {
      await grow();
      await kill(name);
    }
    await grow();
    trading.end();
    await trading.ended;
    const recorded = await eventually(async () => {
      const found = await tradesOf(symbol);
      expect(trades.filter(({ seen }) => seen.length !== found.length)).toEqual([]);
      return found;
    }, patience);
    expect(recorded.length).toBeGreaterThan(4 * tradesPerPart);
    for (const { seen, gapCount } of trades) expect([gapCount, seen]).toEqual([0, recorded]);
    await expectSameOrders(
      orders.map(({ seen }) => seen),
      buyer,
    );
    await expectSameMessages(inboxes, buyer);
    await eventually(() => {
      const [first] = books;
      for (const { depth } of books) expect(depth).toEqual(first?.depth);
      expect(checksumOf(first?.depth as Depth)).toBe(first?.depth?.bookChecksum);
    }, patience);
    expect(Math.min(...[...trades, ...orders, ...inboxes, ...books].map(({ openCount }) => openCount))).toBeGreaterThan(
      1,
    );
  } finally {
    stop.abort();
  }
});

/** Where the feed is, so that all readers begin at one point. */
async function positionOf(symbol: string): Promise<SymbolPosition> {
  const stop = new AbortController();
  try {
    for await (const answer of client.stream('MarketService/StreamDepth', { symbol }, { signal: stop.signal })) {
      const { epoch, sequence } = answer as { epoch: string; sequence?: string };
      return { symbol, epoch, sequence: BigInt(sequence ?? 0) };
    }
  } finally {
    stop.abort();
  }
  throw new Error('the book has no state');
}

type Traders = { buyer: Investor; seller: Investor; signal: AbortSignal };

/** Sells and buys one share after the other, and leaves a quote at each second round; what is refused meanwhile is left out. */
function trade(symbol: string, { buyer, seller, signal }: Traders) {
  let isOver = false;
  let placed = 0;
  let failure: unknown;
  const place = async (investor: Investor, terms: JsonObject) => {
    await placeOrder(investor, terms).then(
      () => {
        placed += 1;
      },
      (error: unknown) => {
        failure = error;
      },
    );
  };
  const run = async () => {
    for (let round = 0; !isOver && !signal.aborted; round += 1) {
      const price = `10.${String(round % 50).padStart(2, '0')}`;
      await place(seller, limitTerms('SELL', symbol, '1', price));
      await place(buyer, limitTerms('BUY', symbol, round % 20 === 0 ? '2' : '1', price));
      await pause(betweenOrdersMs);
    }
  };
  const end = () => {
    isOver = true;
  };
  return { ended: run(), end, placedCount: () => placed, failure: () => String(failure) };
}

/** Waits until there are some more. */
async function growBy(seen: readonly string[], describe: () => string): Promise<void> {
  const before = seen.length;
  await eventually(() => expect(seen.length, describe()).toBeGreaterThan(before + tradesPerPart), patience);
}

/** Kills the process; the supervisor starts another one. */
async function kill(name: string): Promise<void> {
  const find = () => system.run().processes.find((process) => process.name === name);
  const pid = find()?.pid;
  if (pid === undefined) throw new Error(`no ${name} runs`);
  process.kill(pid, 'SIGKILL');
  await eventually(() => expect([undefined, pid]).not.toContain(find()?.pid), patience);
}

/** The record, oldest first. */
async function tradesOf(symbol: string): Promise<string[]> {
  const found: string[] = [];
  for (let pageToken = ''; ; ) {
    const request = { symbol, pageSize: 1_000, oldestFirst: true, pageToken };
    const page = (await client.call('MarketService/ListTrades', request)) as {
      trades?: { tradeId: string }[];
      nextPageToken?: string;
    };
    found.push(...(page.trades ?? []).map(({ tradeId }) => tradeId));
    pageToken = page.nextPageToken ?? '';
    if (pageToken === '') return found;
  }
}

/** Every reader has all fills that the account has, in one order, and the same last state of each order; no sequence comes twice. */
async function expectSameOrders(all: string[][], buyer: Investor): Promise<void> {
  const fillsOf = (seen: string[]) => seen.filter((line) => line.includes(' fill ')).map((line) => line.split(' ')[2]);
  await eventually(async () => {
    // Read anew each time: the order service follows the exchange by itself, and may have less of it than the market.
    const fills = await listFills(buyer);
    for (const seen of all) {
      expect(fillsOf(seen)).toEqual(fillsOf(all[0] ?? []));
      expect(lastStatesOf(seen)).toEqual(lastStatesOf(all[0] ?? []));
    }
    expect(fillsOf(all[0] ?? []).toSorted()).toEqual(fills.toSorted());
  }, patience);
  for (const seen of all) {
    const sequences = seen.map((line) => Number(line.split(' ', 1)[0]));
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
    expect(new Set(sequences).size).toBe(sequences.length);
  }
}

/** Every reader has the same messages, each once, with all that the account has: the oldest of more than 1000 may be deleted by now. */
async function expectSameMessages(inboxes: readonly ResumingReader[], { call }: Investor): Promise<void> {
  await eventually(async () => {
    const listed: string[] = [];
    for (let pageToken = ''; ; ) {
      const page = (await call('NotificationService/ListMessages', { pageSize: 200, pageToken })) as {
        messages?: { messageId: string }[];
        nextPageToken?: string;
      };
      listed.push(...(page.messages ?? []).map(({ messageId }) => messageId));
      pageToken = page.nextPageToken ?? '';
      if (pageToken === '') break;
    }
    expect(listed.length).toBeGreaterThan(4 * tradesPerPart);
    for (const { seen, gapCount } of inboxes) {
      expect([gapCount, seen.toSorted()]).toEqual([0, [...new Set(inboxes[0]?.seen)].toSorted()]);
      expect(listed.filter((messageId) => !seen.includes(messageId))).toEqual([]);
    }
  }, patience);
}

async function listFills({ accountId, call }: Investor): Promise<string[]> {
  const fills: string[] = [];
  for (let pageToken = ''; ; ) {
    const page = (await call('OrderService/ListFills', { accountId, pageSize: 100, pageToken })) as {
      fills?: { tradeId: string }[];
      nextPageToken?: string;
    };
    fills.push(...(page.fills ?? []).map(({ tradeId }) => tradeId));
    pageToken = page.nextPageToken ?? '';
    if (pageToken === '') return fills;
  }
}

/** The last state of each order: those between may be left out for a reader that comes late. */
function lastStatesOf(seen: readonly string[]): Record<string, string> {
  const lines = seen.filter((line) => line.includes(' order ')).map((line) => line.split(' '));
  return Object.fromEntries(lines.map(([, , orderId, ...state]) => [orderId, state.join(' ')]));
}

/** The checksum as the contract defines it, from all levels; ticks are cents and lots shares. */
function checksumOf({ bids, asks, complete }: Depth): number {
  expect(complete).toBe(true);
  const sumOf = (side: number, levels: DepthLevel[]) =>
    levels.reduce((sum, { price, quantity, orderCount }) => {
      const bytes = Buffer.alloc(20);
      bytes.writeInt32LE(side, 0);
      bytes.writeInt32LE(Math.round(Number(price) * 100), 4);
      bytes.writeBigInt64LE(BigInt(quantity), 8);
      bytes.writeInt32LE(orderCount, 16);
      return (sum + crc32(bytes)) >>> 0;
    }, 0);
  return (sumOf(1, bids) + sumOf(2, asks)) >>> 0;
}
