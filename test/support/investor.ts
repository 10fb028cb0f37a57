/** A person with an account, who uses any of the clients. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { expect } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import type { TestClient } from './test-client.ts';

/** A person who is logged in. */
export type Investor = {
  accountId: string;
  email: string;
  password: string;
  token: string;
  /** The token, renewed some minutes before its end. */
  freshToken(): Promise<string>;
  /** Calls an RPC as this person. */
  call(rpc: string, request?: JsonObject): Promise<JsonObject>;
  /** Follows a stream as this person. */
  stream(rpc: string, request: JsonObject, signal: AbortSignal): AsyncIterable<JsonObject>;
};

// A token lasts ten minutes.
const renewAfterMs = 300_000;
const renewAgainAfterMs = 10_000;

/** The password of all people in tests. */
export const testPassword = 'correct horse 7 battery';

/** Registers a new person, logs in, and deposits `cash` (decimal; empty: nothing). */
export async function registerInvestor(client: TestClient, cash = '100000.00'): Promise<Investor> {
  const email = `investor-${randomUUID()}@example.com`;
  await client.call('UserService/Register', {
    idempotencyKey: randomUUID(),
    email,
    password: testPassword,
    displayName: 'Test Investor',
  });
  const investor = await logIn(client, email, testPassword);
  if (cash !== '') await deposit(investor, cash);
  return investor;
}

/** Brings in cash (decimal), and waits until it is there: on a busy machine the payment provider may take its time. */
async function deposit(investor: Investor, amount: string): Promise<void> {
  const { transfer } = await investor.call('LedgerService/Deposit', { idempotencyKey: randomUUID(), amount });
  const { transferId = '', status } = transfer as JsonObject;
  if (status === 'TRANSFER_STATUS_COMPLETED') return;
  await eventually(async () => {
    const read = await investor.call('LedgerService/GetTransfer', { transferId });
    expect(read.transfer).toMatchObject({ status: 'TRANSFER_STATUS_COMPLETED' });
  });
}

/** Logs a person in, and again from time to time: a test may last longer than a token on a busy machine. */
export async function logIn(client: TestClient, email: string, password: string): Promise<Investor> {
  const { accessToken, userId } = await openSession(client, email, password);
  let token = accessToken;
  let renewTimeMs = performance.now() + renewAfterMs;
  let renewing: Promise<unknown> | undefined;
  const renew = async () => {
    renewTimeMs = performance.now() + renewAgainAfterMs;
    ({ accessToken: token } = await openSession(client, email, password));
    renewTimeMs = performance.now() + renewAfterMs;
  };
  const freshToken = async () => {
    // Where it cannot be renewed, it is good for some minutes yet.
    if (performance.now() > renewTimeMs) renewing = renew().catch(() => {});
    await renewing;
    return token;
  };
  return {
    accountId: userId,
    email,
    password,
    get token() {
      return token;
    },
    freshToken,
    call: async (rpc, request = {}) => client.call(rpc, request, await freshToken()),
    async *stream(rpc, request, signal) {
      yield* client.stream(rpc, request, { token: await freshToken(), signal });
    },
  };
}

async function openSession(client: TestClient, email: string, password: string) {
  const { tokens } = await client.call('SessionService/LogIn', { email, password });
  return tokens as { accessToken: string; userId: string };
}

/** An order as JSON. */
export type OrderJson = {
  orderId: string;
  status: string;
  filledQuantity?: string;
  averageFillPrice?: string;
  limitPrice?: string;
  quantity?: string;
  amount?: string;
  cancelReason?: string;
  fees?: string;
  refusal?: { reason: string };
};

/** Places an order under a new key. */
export async function placeOrder(investor: Investor, terms: JsonObject): Promise<OrderJson> {
  const { order } = await investor.call('OrderService/PlaceOrder', { clientOrderId: randomUUID(), terms });
  return order as unknown as OrderJson;
}

/** A limit order's terms. */
export function limitTerms(side: 'BUY' | 'SELL', symbol: string, quantity: string, limitPrice: string): JsonObject {
  return { symbol, side: `SIDE_${side}`, type: 'ORDER_TYPE_LIMIT', quantity, limitPrice };
}

/** The terms of a market buy by amount. */
export function amountTerms(symbol: string, amount: string): JsonObject {
  return { symbol, side: 'SIDE_BUY', type: 'ORDER_TYPE_MARKET', amount };
}

/** A market order's terms. */
export function marketTerms(side: 'BUY' | 'SELL', symbol: string, quantity: string): JsonObject {
  return { symbol, side: `SIDE_${side}`, type: 'ORDER_TYPE_MARKET', quantity };
}

/** The order once it has one of the statuses (without their prefix). */
export async function orderOnce(investor: Investor, orderId: string, ...statuses: string[]): Promise<OrderJson> {
  return eventually(async () => {
    const { order } = (await investor.call('OrderService/GetOrder', { orderId })) as unknown as { order: OrderJson };
    expect(statuses.map((status) => `ORDER_STATUS_${status}`)).toContain(order.status);
    return order;
  });
}

/** The account's balances as JSON. */
export async function balancesOf(investor: Investor) {
  const { cash, shares = [] } = (await investor.call('LedgerService/GetBalances')) as unknown as {
    cash?: BalanceJson;
    shares?: BalanceJson[];
  };
  return { cash, sharesOf: (symbol: string) => shares.find(({ asset }) => asset === symbol) };
}

/** Waits until the ledger has settled so many shares: what was only traded cannot be sold yet. */
export async function untilOwned(person: Investor, symbol: string, quantity: string): Promise<void> {
  await eventually(async () => {
    const { sharesOf } = await balancesOf(person);
    expect(sharesOf(symbol)?.available).toBe(quantity);
  });
}

/** One asset's balance as JSON. */
export type BalanceJson = { asset: string; total: string; available: string; held: string };
