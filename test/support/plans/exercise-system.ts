/** Makes every service of a system send most of its statements: each public RPC once, trades, and its jobs for a while. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@bufbuild/protobuf';
import { publicServices } from '../../../gateway/index.ts';
import type { RunningSystem } from '../../../supervisor/testing/index.ts';
import { bodies, type Scene } from '../authorization-cases.ts';
import { createTestClient } from '../clients.ts';
import { type Investor, limitTerms, placeOrder, registerInvestor } from '../investor.ts';
import { issueShares, logInAdmin, openBook } from '../market.ts';

const jobsMs = 8_000;
// Ends the calls of the simulator's own exchange for a moment, which other statements need.
const left = new Set(['ExchangeAdminService/Handover']);

/** Uses the system as people and staff do. */
export async function exerciseSystem({ gatewayUrl, admin: credentials }: RunningSystem): Promise<void> {
  const client = createTestClient('grpc', gatewayUrl);
  const admin = await logInAdmin(client, { admin: credentials });
  const [owner, other, victim] = await Promise.all([
    registerInvestor(client),
    registerInvestor(client),
    registerInvestor(client, ''),
  ]);
  const symbol = await openBook(admin);
  await issueShares(admin, other, symbol, '100');
  await trade(owner, other, symbol);
  await walkFiltered(owner, symbol);
  await workSlice(owner, symbol);
  const scene: Scene = { client, owner, victim, admin, symbol };
  const unary = publicServices.flatMap(({ name, methods }) =>
    methods.filter(({ methodKind }) => methodKind === 'unary').map((method) => `${name}/${method.name}`),
  );
  // In the order of the bodies: calls that end sessions come last.
  for (const rpc of Object.keys(bodies).filter((name) => unary.includes(name) && !left.has(name))) {
    const body = (await bodies[rpc]?.(scene)) ?? {};
    // What is not theirs or not there is refused, which has its statements too.
    await admin.call(rpc, body).catch(() => {});
    await owner.call(rpc, body).catch(() => {});
  }
  // The other order has statements of its own.
  for (const list of ['ListCandles', 'ListTrades', 'ListAuctions', 'ListPastQuotes']) {
    await client.call(`MarketService/${list}`, { symbols: [symbol], oldestFirst: true });
  }
  for (const oldestFirst of [true, false]) {
    await client.call('MarketService/ListCandles', { symbol, multiple: 15, oldestFirst });
  }
  await sleep(jobsMs);
}

/** Lists in each of their sequences, with and without filters, from page to page. */
async function walkFiltered(owner: Investor, symbol: string): Promise<void> {
  const [order] = ((await owner.call('OrderService/ListOrders', { symbol })).orders ?? []) as { orderId: string }[];
  const time = { fromTime: '2026-01-01T00:00:00Z' };
  const ofOrders: JsonObject[] = [{}, { openOnly: true }, { side: 'SIDE_BUY', ...time }, { symbols: [symbol] }];
  const ofFills: JsonObject[] = [{}, { symbol }, { orderId: order?.orderId ?? '' }, time];
  const ofMovements: JsonObject[] = [{}, { kinds: ['ENTRY_KIND_FEE'] }, time];
  for (const sort of ['BY_CHANGE', 'BY_CREATION', 'BY_CREATION_OLDEST_FIRST'])
    for (const filter of ofOrders)
      await walkList(owner, 'OrderService/ListOrders', { sort: `ORDER_SORT_${sort}`, ...filter });
  for (const oldestFirst of [false, true]) {
    for (const filter of ofFills) await walkList(owner, 'OrderService/ListFills', { oldestFirst, ...filter });
    for (const filter of ofMovements) await walkList(owner, 'LedgerService/ListStatement', { oldestFirst, ...filter });
    await walkList(owner, 'LedgerService/ListTransfers', { oldestFirst, ...time });
  }
  await owner.call('OrderService/ClosePosition', { clientOrderId: 'close', symbol }).catch(() => {});
  await owner.call('OrderService/CloseAllPositions', { idempotencyKey: 'close', cancelOrders: true });
}

/** A slice that ends while the jobs are let run, after a pause. */
async function workSlice(owner: Investor, symbol: string): Promise<void> {
  const order = { symbol, side: 'SIDE_BUY', type: 'ORDER_TYPE_MARKET', quantity: '2' };
  const slice = { order, algorithm: 'SLICE_ALGORITHM_VWAP', duration: '3s', orderCount: 2, maxPercent: '50' };
  const terms = { name: 'slices', once: {}, slice };
  const { rule } = await owner.call('AutoService/CreateRule', { idempotencyKey: 'slices', terms });
  const { ruleId } = rule as { ruleId: string };
  for (const enabled of [false, true]) await owner.call('AutoService/SetRuleEnabled', { ruleId, enabled });
}

async function walkList(owner: Investor, rpc: string, request: JsonObject): Promise<void> {
  for (let pageToken = ''; ; ) {
    const page = await owner.call(rpc, { pageSize: 1, pageToken, ...request });
    pageToken = (page.nextPageToken ?? '') as string;
    if (pageToken === '') return;
    // What changes meanwhile is read at the end of a walk by change.
    if (request.sort === 'ORDER_SORT_BY_CHANGE')
      await owner.call('OrderService/CancelAllOrders', { side: 'SIDE_SELL' });
  }
}

async function trade(buyer: Investor, seller: Investor, symbol: string): Promise<void> {
  for (const price of ['100.00', '100.01', '100.02']) {
    await placeOrder(seller, limitTerms('SELL', symbol, '2', price));
    await placeOrder(buyer, limitTerms('BUY', symbol, '3', price));
  }
  const { orderId } = await placeOrder(buyer, limitTerms('BUY', symbol, '3', '99.00'));
  for (const quantity of ['4', '5']) {
    await buyer.call('OrderService/ReplaceOrder', { orderId, idempotencyKey: randomUUID(), quantity });
  }
  await buyer.call('OrderService/CancelAllOrders', { symbol });
}
