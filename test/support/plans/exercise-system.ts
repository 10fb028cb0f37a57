/** Makes every service of a system send most of its statements: each public RPC once, trades, and its jobs for a while. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
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
  await sleep(jobsMs);
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
