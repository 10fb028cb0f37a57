/** A bad item fails alone, whichever group it was in. */
import { create } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OrderStatus, OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { failureCode } from '#platform/postgres/failures.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { fromTerms } from '../rpc/messages/terms-message.ts';
import { limitTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';
import type { IntentRequest } from './place-intents.ts';
import { prepareIntent } from './prepare-intent.ts';

const itemsCount = 9;

let system: TestSystem;
let replica: Replica;
let restore = () => {};

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica({ sweepAgeMs: 60_000 });
});
afterAll(() => system[Symbol.asyncDispose]());
afterEach(() => restore());

async function intentOf(accountId: string, symbol = 'ACME'): Promise<IntentRequest> {
  const terms = fromTerms(create(OrderTermsSchema, limitTerms('buy', '1', '50', { symbol })));
  return prepareIntent(replica.deps, { accountId, clientOrderId: 'k', terms });
}

/** Places an order of each of nine people at once; that of the fifth is for FRAC. */
async function placeTogether(): Promise<PromiseSettledResult<OrderStatus | undefined>[]> {
  const users = await Promise.all(Array.from({ length: itemsCount }, () => system.newUser()));
  for (const { userId } of users) await replica.deps.tradingConditions.find(userId);
  return Promise.allSettled(
    users.map(async (user, index) => {
      const terms = limitTerms('buy', '1', '50', { symbol: index === 4 ? 'FRAC' : 'ACME' });
      return (await replica.orders.placeOrder({ clientOrderId: 'k', terms }, { ...user, timeoutMs: 5_000 })).order
        ?.status;
    }),
  );
}

const othersOpen = Array.from({ length: itemsCount }, (_, index) =>
  index === 4
    ? {
        status: 'rejected',
        reason: expect.objectContaining({ code: expect.toBeOneOf([Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED]) }),
      }
    : { status: 'fulfilled', value: OrderStatus.OPEN },
);

describe('a bad item', () => {
  it('of a group of intents that violates a check of the table fails alone', async () => {
    const users = await Promise.all(Array.from({ length: itemsCount }, () => system.newUser()));
    // Some accounts have a row by now, and some have none: both ways of storing a group are gone.
    for (const { userId } of users.slice(2)) {
      await system.db.query('INSERT INTO accounts (account_id) VALUES ($1) ON CONFLICT DO NOTHING', [userId]);
    }
    const intents = await Promise.all(users.map(({ userId }) => intentOf(userId)));
    const bad = intents[4];
    if (bad !== undefined) bad.order.quantityLots = -1n;
    const results = await Promise.allSettled(
      intents.map((intent) => replica.deps.placeIntent.enqueue(intent, { aborted: false })),
    );
    const outcomes = results.map((result) =>
      result.status === 'fulfilled' ? result.value.kind : failureCode(result.reason),
    );
    expect(outcomes).toEqual(Array.from({ length: itemsCount }, (_, index) => (index === 4 ? '23514' : 'placed')));
  });

  it('of a group of Submit, of another shard than the exchange has it on, fails alone', async () => {
    const { exchange } = system.exchange;
    const { submit } = exchange;
    exchange.submit = async (request, options) => {
      const symbols = new Set((request.orders ?? []).map(({ symbol }) => symbol));
      if (symbols.has('FRAC')) throw invalidArgument('orders', 'has symbols of several shards');
      return submit(request, options);
    };
    restore = () => {
      exchange.submit = submit;
    };
    // Its caller gets no refusal, as it is stored and goes on.
    expect(await placeTogether()).toEqual(othersOpen);
    restore();
    const second = await system.startReplica({ sweepAgeMs: 50 });
    await eventually(async () => {
      const { rows } = await system.db.query("SELECT 1 FROM orders WHERE symbol = 'FRAC' AND state = 'open'");
      expect(rows).toHaveLength(1);
    });
    await second.stop();
  });

  it('of a group of holds that the ledger refuses to read fails alone', async () => {
    const { ledger } = system.ledger;
    const { placeHolds } = ledger;
    ledger.placeHolds = async (request, options) => {
      const symbols = new Set((request.items ?? []).map(({ symbol }) => symbol));
      if (symbols.has('FRAC')) throw invalidArgument('items', 'has a bad one');
      return placeHolds(request, options);
    };
    restore = () => {
      ledger.placeHolds = placeHolds;
    };
    expect(await placeTogether()).toEqual(othersOpen);
  });
});
