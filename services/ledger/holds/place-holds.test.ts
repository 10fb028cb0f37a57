import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { HoldResult } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import { AccountConditionsChangedSchema } from '#gen/outcry/user/v1/events_pb.ts';
import { outboxEvent } from '#platform/bus/outbox.ts';
import { createPostgresBus } from '#platform/bus/postgres/postgres-bus.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { activeAccount } from '../testing/fake-peers.ts';
import { createClients, type LedgerFixture, startFixture } from '../testing/fixture.ts';
import { holdItem, type TestHold } from '../testing/orders.ts';
import { placeHolds } from './place-holds.ts';

let fixture: LedgerFixture;

beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

async function place(...items: TestHold[]): Promise<HoldResult[]> {
  return (await fixture.clients.order.placeHolds({ items })).results;
}

async function cashOf({ userToken }: { userToken: string }) {
  return (await fixture.clients.ledger.getBalances({}, { userToken })).cash;
}

describe('placeHolds', () => {
  it('holds cash for a buy and shares for a sell, and lists both', async () => {
    const person = await fixture.person({ cash: '100', shares: { ACME: '5' } });
    const buy = holdItem({ accountId: person.accountId });
    const sell = holdItem({ accountId: person.accountId, side: Side.SELL, quantityLots: 3n });
    expect(await place(buy, sell)).toMatchObject([{ held: true }, { held: true }]);
    const { cash, shares } = await fixture.clients.ledger.getBalances({}, person);
    expect(cash).toMatchObject({ total: '100.00', available: '89.98', held: '10.02' });
    expect(shares).toMatchObject([{ asset: 'ACME', total: '5', available: '2', held: '3' }]);
    const { holds } = await fixture.clients.ledger.listHolds({}, person);
    const listed = holds.map(({ orderId, asset, amount }) => ({ orderId, asset, amount }));
    // Ids of one millisecond have no order.
    expect(listed).toHaveLength(2);
    expect(listed).toEqual(
      expect.arrayContaining([
        { orderId: buy.orderId, asset: 'USD', amount: '10.02' },
        { orderId: sell.orderId, asset: 'ACME', amount: '3' },
      ]),
    );
  });

  it('holds the amount of a buy by amount, and repeats it for that amount alone', async () => {
    const person = await fixture.person({ cash: '100' });
    const item = holdItem({ accountId: person.accountId, amountMicros: 25_500_000n });
    expect(await place(item)).toMatchObject([{ held: true }]);
    expect(await cashOf(person)).toMatchObject({ total: '100.00', available: '74.50', held: '25.50' });
    expect(await place(item)).toMatchObject([{ held: true }]);
    const { KEY_REUSED, CASH_INSUFFICIENT, INVALID_FIELD } = ErrorReason;
    expect(await place({ ...item, amountMicros: 25_510_000n })).toMatchObject([{ held: false, reason: KEY_REUSED }]);
    const { accountId } = person;
    expect(await place(holdItem({ accountId, amountMicros: 74_510_000n }))).toMatchObject([
      { reason: CASH_INSUFFICIENT, metadata: { needed: '74.51', available: '74.50' } },
    ]);
    expect(await place(holdItem({ accountId, amountMicros: 1n, side: Side.SELL }))).toMatchObject([
      { reason: INVALID_FIELD, metadata: { field: 'amount_micros' } },
    ]);
  });

  it('admits in the order of the request and refuses only what no longer fits, with its numbers', async () => {
    const { accountId } = await fixture.person({ cash: '11' });
    const first = holdItem({ accountId });
    const [, second, third] = await place(first, holdItem({ accountId }), holdItem({ accountId, priceTicks: 9n }));
    expect(second).toMatchObject({
      held: false,
      reason: ErrorReason.CASH_INSUFFICIENT,
      metadata: { needed: '10.02', available: '0.98', held: '10.02', currency: 'USD' },
    });
    expect(third).toMatchObject({ held: true });
  });

  it('repeats the first answer under an order id, refusals too, and refuses other terms', async () => {
    const { accountId, userToken } = await fixture.person({ cash: '11' });
    const held = holdItem({ accountId });
    const tooBig = holdItem({ accountId });
    const first = await place(held, tooBig, held);
    await fixture.clients.ledger.deposit({ idempotencyKey: 'more', amount: '100' }, { userToken });
    const again = await place(held, tooBig, { ...held, quantityLots: 11n });
    expect(first[2]).toEqual(first[0]);
    expect(again.slice(0, 2)).toEqual(first.slice(0, 2));
    expect(again[2]).toMatchObject({ held: false, reason: ErrorReason.KEY_REUSED });
    expect((await cashOf({ userToken }))?.held).toBe('10.02');
  });

  it('takes one hold for fifty equal calls at once on two replicas', async () => {
    const person = await fixture.person({ cash: '1000' });
    const item = holdItem({ accountId: person.accountId });
    const other = createClients((await fixture.startReplica()).address);
    const calls = Array.from({ length: 50 }, (_, index) =>
      (index % 2 === 0 ? fixture.clients : other).order.placeHolds({ items: [item] }),
    );
    const answers = (await Promise.all(calls)).flatMap(({ results }) => results);
    expect(answers.every(({ held }) => held)).toBe(true);
    expect((await cashOf(person))?.held).toBe('10.02');
  });

  it('never holds more than an account has, however many ask at once on two replicas', async () => {
    const person = await fixture.person({ cash: '100' });
    const other = createClients((await fixture.startReplica()).address);
    const calls = Array.from({ length: 60 }, (_, index) =>
      (index % 2 === 0 ? fixture.clients : other).order.placeHolds({
        items: [1n, 2n, 7n].map((quantityLots) => holdItem({ accountId: person.accountId, quantityLots })),
      }),
    );
    const results = (await Promise.all(calls)).flatMap((answer) => answer.results);
    const cash = await cashOf(person);
    const { rows } = await fixture.db.query<{ amount: string; count: bigint }>(
      `SELECT sum(amount)::text AS amount, count(*) FROM hold WHERE account_id = $1 AND state = 'open'`,
      [person.accountId],
    );
    expect(cash?.total).toBe('100.00');
    expect(cash?.held.replace('.', '')).toBe(String(BigInt(rows[0]?.amount ?? 0) / 10_000n));
    // The smallest of them would have fitted once more.
    expect(cash?.available).toMatch(/^[01]\.\d\d$/);
    expect(BigInt(results.filter(({ held }) => held).length)).toBe(rows[0]?.count);
  });

  it('loses no hold when transactions over one account overlap', async () => {
    const person = await fixture.person({ cash: '100' });
    await place(holdItem({ accountId: person.accountId, quantityLots: 1n }));
    // Without the batcher, which would put them into one transaction: as many replicas as there are connections.
    await using db = fixture.db.openAnother({ poolMax: 8 });
    const groups = Array.from({ length: 80 }, () => {
      const { orderId, accountId, side: _, quantityLots: lots, ...rest } = holdItem({ accountId: person.accountId });
      return [
        { orderId, terms: { ...rest, accountId, side: 'buy' as const, lots: lots / 5n }, positionMaxMicros: undefined },
      ];
    });
    const outcomes = await Promise.all(groups.map((group) => placeHolds(db, group, Date.now())));
    const taken = outcomes.filter(([refusal]) => refusal === undefined).length;
    // 1.01 was held before, and each of these holds 2.01.
    expect(taken).toBe(49);
    expect(await cashOf(person)).toMatchObject({ available: '0.50', held: '99.50' });
  });
});

describe('placeHolds refuses', () => {
  it('what was released before it came, each time', async () => {
    const { accountId } = await fixture.person({ cash: '100' });
    const late = holdItem({ accountId });
    await fixture.clients.order.releaseHolds({ orderIds: [late.orderId] });
    const closed = [{ held: false, reason: ErrorReason.HOLD_CLOSED }];
    expect(await place(late)).toMatchObject(closed);
    expect(await place(late)).toMatchObject(closed);
  });

  it('a malformed item without the others, and stores nothing of it', async () => {
    const { accountId } = await fixture.person({ cash: '100' });
    const bad = holdItem({ accountId, quantityLots: 0n });
    const [first, second] = await place(bad, holdItem({ accountId }));
    expect(first).toMatchObject({ reason: ErrorReason.INVALID_FIELD, metadata: { field: 'quantity_lots' } });
    expect(second).toMatchObject({ held: true });
    expect(await place({ ...bad, quantityLots: 1n })).toMatchObject([{ held: true }]);
  });

  it('what would pass the position limit, open buys counted', async () => {
    const { accountId } = await fixture.person({ cash: '100', shares: { ACME: '5' } });
    const limited = () => holdItem({ accountId, quantityLots: 5n, positionLimitMicros: 12_000_000n });
    expect(await place(limited(), limited())).toMatchObject([
      { held: true },
      {
        reason: ErrorReason.POSITION_LIMIT_EXCEEDED,
        metadata: { symbol: 'ACME', position: '15', limit: '12' },
      },
    ]);
    expect(await place(limited())).toMatchObject([{ reason: ErrorReason.POSITION_LIMIT_EXCEEDED }]);
  });

  it('an account as soon as the event of its freezing has come, and ignores older events', async () => {
    const { accountId } = await fixture.person({ cash: '100' });
    await using bus = createPostgresBus({ url: fixture.bus.url, serviceName: 'user', logger: silentLogger });
    const publish = (version: bigint, state: AccountState) => {
      const account = { ...activeAccount(accountId), version, state };
      const event = outboxEvent(AccountConditionsChangedSchema, { account }, { key: accountId });
      return bus.publish([{ ...event, timeMs: Date.now() }]);
    };
    await publish(3n, AccountState.FROZEN);
    await eventually(async () => {
      const [result] = await place(holdItem({ accountId }));
      expect(result).toMatchObject({ held: false, reason: ErrorReason.ACCOUNT_FROZEN });
    });
    await publish(2n, AccountState.ACTIVE);
    await publish(4n, AccountState.CLOSED);
    await eventually(async () => {
      const [result] = await place(holdItem({ accountId }));
      expect(result).toMatchObject({ reason: ErrorReason.ACCOUNT_CLOSED });
    });
  });

  it('an account that does not exist, and fetches an unknown one from the user service once', async () => {
    const { accountId } = await fixture.person();
    const before = fixture.peers.conditionCalls;
    await place(holdItem({ accountId }));
    await place(holdItem({ accountId }));
    expect(fixture.peers.conditionCalls).toBe(before + 1);
    const [result] = await place(holdItem({ accountId: uuidV7() }));
    expect(result).toMatchObject({ held: false, reason: ErrorReason.ACCOUNT_NOT_FOUND });
  });
});

describe('releaseHolds', () => {
  it('frees what an order held, once', async () => {
    const person = await fixture.person({ cash: '100' });
    const item = holdItem({ accountId: person.accountId });
    await place(item);
    const release = () => fixture.clients.order.releaseHolds({ orderIds: [item.orderId, item.orderId, uuidV7()] });
    await Promise.all([release(), release(), release()]);
    expect(await cashOf(person)).toMatchObject({ available: '100.00', held: '0.00' });
    expect(await place(item)).toMatchObject([{ held: false, reason: ErrorReason.HOLD_CLOSED }]);
  });

  it('never leaves a hold standing that a release met on its way', async () => {
    const person = await fixture.person({ cash: '1000' });
    const items = Array.from({ length: 30 }, () => holdItem({ accountId: person.accountId, quantityLots: 1n }));
    const other = createClients((await fixture.startReplica()).address);
    await Promise.all(
      items.flatMap((item) => [
        fixture.clients.order.placeHolds({ items: [item] }),
        other.order.releaseHolds({ orderIds: [item.orderId] }),
      ]),
    );
    await fixture.clients.order.releaseHolds({ orderIds: items.map(({ orderId }) => orderId) });
    expect(await cashOf(person)).toMatchObject({ available: '1000.00', held: '0.00' });
  });
});
