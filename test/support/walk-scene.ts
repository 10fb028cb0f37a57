/** What the cases of lists that are walked page by page act with. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { expect } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { type Investor, limitTerms, placeOrder } from './investor.ts';
import type { TestClient } from './test-client.ts';

/** Whom cases act for, and where they trade. */
export type WalkScene = {
  client: TestClient;
  admin: Investor;
  /** Whose lists are walked. Has cash, and shares of the symbol. */
  owner: Investor;
  /** Trades with the owner. */
  other: Investor;
  symbol: string;
};

/** One RPC that lists rows page by page. */
export type WalkedList = {
  /** Who calls; default the owner. */
  as?: 'admin';
  request?: (scene: WalkScene) => JsonObject;
  /** The field of the answer that has the rows, and the fields that name each, with spaces between them. */
  rows: string;
  id: string;
  /** What the contract promises of a row that is there throughout: that it is on one page, or on one at least. */
  promise: 'once' | 'at least once';
  /** Makes some rows of the owner. */
  make: (scene: WalkScene) => Promise<unknown>;
  /** Happens between two pages: rows come, change and go. */
  change: (scene: WalkScene, step: number) => Promise<unknown>;
};

/** A new key. */
export const key = () => randomUUID();
/** Does something a number of times, one after the other. */
export const times = async (count: number, work: (index: number) => Promise<unknown>) => {
  for (let index = 0; index < count; index += 1) await work(index);
};
/** Brings a dollar in. */
export const deposit = ({ owner }: WalkScene) =>
  owner.call('LedgerService/Deposit', { idempotencyKey: key(), amount: '1.00' });
/** Takes a dollar out. */
export const withdraw = ({ owner }: WalkScene) =>
  owner.call('LedgerService/Withdraw', { idempotencyKey: key(), amount: '1.00' });

let price = 100;
/** The owner buys or sells a share of the other one, at a price of its own, and what came of it is settled. */
export async function trade(scene: WalkScene, side: 'BUY' | 'SELL'): Promise<void> {
  const { owner, other, symbol } = scene;
  price = price === 109 ? 100 : price + 1;
  await placeOrder(other, limitTerms(side === 'BUY' ? 'SELL' : 'BUY', symbol, '1', `${price}.00`));
  await placeOrder(owner, limitTerms(side, symbol, '1', `${price}.00`));
}

/** The owner buys a share of the other one in an auction after a halt, and that is recorded. */
export async function auction(scene: WalkScene): Promise<void> {
  const { admin, owner, other, symbol } = scene;
  const { length } = await listOf(scene, 'MarketService/ListAuctions', 'auctions', { symbol });
  await admin.call('MarketAdminService/HaltInstrument', { symbol, idempotencyKey: key() });
  const resume = (more: JsonObject) =>
    admin.call('MarketAdminService/ResumeInstrument', { symbol, idempotencyKey: key(), ...more });
  // Longer than both orders may take, and ended as soon as they are there.
  await resume({ auctionDuration: '600s' });
  price = price === 109 ? 100 : price + 1;
  for (const [side, person] of [
    ['SELL', other],
    ['BUY', owner],
  ] as const) {
    await eventually(() => placeOrder(person, limitTerms(side, symbol, '1', `${price}.00`)));
  }
  await resume({});
  const isMore = async () => {
    const found = await listOf(scene, 'MarketService/ListAuctions', 'auctions', { symbol });
    expect(found.length).toBeGreaterThan(length);
  };
  await eventually(isMore, { timeoutMs: 20_000 });
}

/** Places an order of the owner that rests. */
export const rest = ({ owner, symbol }: WalkScene) => placeOrder(owner, limitTerms('BUY', symbol, '1', '85.00'));

/** An order of the owner changes the best bid, and that is recorded as the last of its second. */
export async function quoted(scene: WalkScene): Promise<void> {
  const { owner, symbol } = scene;
  const before = await lastQuotedSecond(scene);
  const isMore = async () => {
    // Inside the band, wherever the trades of other cases left the price.
    await placeOrder(owner, limitTerms('BUY', symbol, '1', '90.00'));
    expect(await lastQuotedSecond(scene)).not.toBe(before);
  };
  await eventually(isMore, { timeoutMs: 20_000 });
}

/** The second of the newest quote of the past; there may be more of them than fit on a page. */
async function lastQuotedSecond(scene: WalkScene): Promise<string> {
  const { symbol } = scene;
  const [last] = await listOf(scene, 'MarketService/ListPastQuotes', 'quotes', { symbol, pageSize: 1 });
  return String(last?.time ?? '').slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
}

/** The rows of a list of the owner, at most a page. */
export async function listOf({ owner }: WalkScene, rpc: string, field: string, request: JsonObject = {}) {
  return ((await owner.call(rpc, { pageSize: 100, ...request }))[field] ?? []) as JsonObject[];
}

/** Resolves once a list of the owner has so many rows. */
export const growTo = (scene: WalkScene, count: number, ...list: [rpc: string, field: string]) =>
  eventually(async () => expect((await listOf(scene, ...list)).length).toBeGreaterThanOrEqual(count));
