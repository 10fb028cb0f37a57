import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { type AccountCounters, admit } from '../domain/admission.ts';
import type { Order } from '../domain/order.ts';
import { sampleOrder } from '../domain/testing/sample-order.ts';
import { insertIntents } from '../store/insert-intents.ts';
import { readCounters } from '../store/read-counters.ts';
import { readOrders } from '../store/read-orders.ts';
import { type IntentRequest, type IntentResult, placeIntents } from './place-intents.ts';

const limits = { openOrdersMax: 5, openNotionalMaxMicros: 10_000_000n, ordersPerSecondMax: 1_000 };
const noCounters: AccountCounters = {
  changeSequence: 0n,
  openCount: 0,
  openNotionalMicros: 0n,
  rateSecond: 0n,
  rateCount: 0,
};

let db: OpenTestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
  await migrate(db, new URL('../store/migrations/', import.meta.url));
});
afterAll(() => db?.[Symbol.asyncDispose]());

function requestOf(order: Partial<Order>, notionalMicros = 1n, more: Partial<IntentRequest> = {}): IntentRequest {
  const orderId = uuidV7();
  const intent = sampleOrder({
    orderId,
    clientOrderId: orderId,
    state: 'intent',
    version: 0,
    filledLots: 0n,
    ...order,
  });
  return { order: intent, notionalMicros, estimatedLots: intent.quantityLots, limits, refusal: undefined, ...more };
}

/** Accounts that have a row, as every account has after its first order. */
async function newAccounts(count: number): Promise<string[]> {
  const accountIds = Array.from({ length: count }, () => uuidV7());
  await db.query('INSERT INTO accounts (account_id) SELECT unnest($1::uuid[])', [accountIds]);
  return accountIds;
}

const sequencesOf = (results: IntentResult[]) =>
  results.map((result) => ('order' in result ? result.order.changeSequence : undefined));

describe('placeIntents', () => {
  it('stores a group within its limits by one statement, each account in the sequence of its calls', async () => {
    const [a, b] = await newAccounts(2);
    const requests = [a, b, a, a].map((accountId) => requestOf({ accountId }));
    let statements = 0;
    const counted = {
      ...db,
      query: (text: string, values?: unknown[]) => {
        statements += 1;
        return db.query<never>(text, values);
      },
    };
    const results = await placeIntents(counted, requests);
    expect(statements).toBe(1);
    expect(results.map(({ kind }) => kind)).toEqual(['placed', 'placed', 'placed', 'placed']);
    expect(sequencesOf(results)).toEqual([1n, 1n, 2n, 3n]);
    const stored = await readOrders(
      db,
      requests.map(({ order }) => order.orderId),
    );
    expect(stored.map((order) => order?.changeSequence)).toEqual([1n, 1n, 2n, 3n]);
  });

  it('decides as the rules of admission do, whatever is in a group', async () => {
    const accountIds = await newAccounts(6);
    const model = new Map(accountIds.map((id) => [id, noCounters]));
    const keys = new Map<string, string>();
    let random = 7;
    const next = (below: number) => {
      random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((random / 2_147_483_648) * below);
    };
    for (let round = 0; round < 60; round += 1) {
      const requests = Array.from({ length: 1 + next(8) }, () => {
        const accountId = accountIds[next(accountIds.length)] as string;
        const clientOrderId = next(6) === 0 ? `k${next(5)}` : uuidV7();
        const refusal = next(10) === 0 ? { reason: 'ACCOUNT_FROZEN', metadata: {} } : undefined;
        return requestOf({ accountId, clientOrderId }, BigInt(next(400)), { refusal });
      });
      const expected = requests.map((request) => {
        const { accountId, clientOrderId, orderId } = request.order;
        const key = `${accountId}/${clientOrderId}`;
        if (keys.has(key)) return `exists ${keys.get(key)}`;
        const admission = admit(model.get(accountId) as AccountCounters, request, 0n);
        model.set(accountId, admission.counters);
        keys.set(key, orderId);
        return admission.kind === 'refused'
          ? `refused ${admission.refusal.reason}`
          : `placed ${admission.counters.changeSequence}`;
      });
      const results = await placeIntents(db, requests);
      expect(results.map(describeResult)).toEqual(expected);
      for (const accountId of accountIds) {
        const { openCount, openNotionalMicros } = model.get(accountId) as AccountCounters;
        expect(await readCounters(db, accountId)).toMatchObject({ counters: { openCount, openNotionalMicros } });
      }
    }
  });

  it('takes each key once and never exceeds a limit, with groups of the same accounts at once', async () => {
    const accountIds = await newAccounts(4);
    const groups = Array.from({ length: 12 }, (_, group) =>
      [...accountIds]
        .sort(() => (group % 2 === 0 ? 1 : -1))
        .flatMap((accountId) => [
          requestOf({ accountId, clientOrderId: `k${group % 3}` }),
          requestOf({ accountId, clientOrderId: `own${group}` }),
        ]),
    );
    const results = (await Promise.all(groups.map((group) => placeIntents(db, group)))).flat();
    const placed = results.filter(({ kind }) => kind === 'placed');
    expect(placed).toHaveLength(accountIds.length * limits.openOrdersMax);
    for (const accountId of accountIds) {
      expect(await readCounters(db, accountId)).toMatchObject({ counters: { openCount: 5 } });
    }
    const { rows } = await db.query<{ count: bigint }>(
      'SELECT count(*) AS count FROM orders WHERE account_id = ANY ($1) GROUP BY account_id, client_order_id HAVING count(*) > 1',
      [accountIds],
    );
    expect(rows).toEqual([]);
  });

  it('stores nothing of a statement that waited while another took one of its keys', async () => {
    const [accountId] = await newAccounts(1);
    const taken = requestOf({ accountId, clientOrderId: 'k' });
    const late = [requestOf({ accountId, clientOrderId: 'other' }), requestOf({ accountId, clientOrderId: 'k' })];
    const waiting = await db.transaction(async (tx) => {
      await insertIntents(tx, [taken]);
      return { inserted: insertIntents(db, late) };
    });
    expect(await waiting.inserted).toEqual(new Map());
    const results = await placeIntents(db, late);
    expect(results.map(({ kind }) => kind)).toEqual(['placed', 'exists']);
  });
});

function describeResult(result: IntentResult): string {
  if (result.kind === 'limited') return 'limited';
  if (result.kind === 'exists') return `exists ${result.order.orderId}`;
  return result.kind === 'refused'
    ? `refused ${result.order.refusal?.reason}`
    : `placed ${result.order.changeSequence}`;
}
