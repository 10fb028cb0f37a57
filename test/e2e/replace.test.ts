/** Orders that their owners change, through the gateway: what each holds to the millionth, also while the order service is killed. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, orderOnce, placeOrder, registerInvestor } from '../support/investor.ts';
import { audit } from '../support/investors-day.ts';
import { expectHeld, readOrder, readStart, type Start } from '../support/kinds/exact-hold.ts';
import { issueShares, logInAdmin, openBook, setConditions } from '../support/market.ts';
import { tradeAtRandom, untilAnswered } from '../support/random-trader.ts';
import { refusalOf } from '../support/refusal.ts';
import type { TestClient } from '../support/test-client.ts';

let system: RunningSystem;
let client: TestClient;
let admin: Investor;
let symbol: string;

beforeAll(async () => {
  system = await startSystem({
    flags: ['--no-simulator', '--replicas', 'order=2'],
    env: { AUDIT_EVERY_MS: '3600000', GATEWAY_CALLS_PER_SECOND_MAX: '5000', GATEWAY_CALLS_BURST_MAX: '10000' },
  });
  client = createTestClient('connect', system.gatewayUrls[0] ?? '');
  admin = await logInAdmin(client, system);
  symbol = await openBook(admin);
}, 120_000);
afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
}, 90_000);

/** A person with cash and shares, and what that person had at first. */
async function trader({ cash = '100000.00', shares = '100', of = symbol } = {}): Promise<[Investor, Start]> {
  const investor = await registerInvestor(client, cash);
  await issueShares(admin, investor, of, shares);
  return [investor, await readStart(investor, of)];
}

const replace = (investor: Investor, orderId: string, change: JsonObject, idempotencyKey: string = randomUUID()) =>
  investor.call('OrderService/ReplaceOrder', { orderId, idempotencyKey, ...change }) as Promise<{ order: JsonObject }>;

describe('a change of an order', () => {
  it('holds for the greater terms, frees what it costs less, and shows the same order with its revision', async () => {
    const [owner, start] = await trader();
    const { orderId } = await placeOrder(owner, limitTerms('BUY', symbol, '10', '90.00'));
    const steps: [JsonObject, JsonObject][] = [
      [
        { quantity: '12', limitPrice: '91.50' },
        { quantity: '12', limitPrice: '91.50', revision: 2 },
      ],
      [{ limitPrice: '80' }, { quantity: '12', limitPrice: '80.00', revision: 3 }],
      [
        { quantity: '20', expectedRevision: 3 },
        { quantity: '20', limitPrice: '80.00', revision: 4 },
      ],
      [{ quantity: '1' }, { quantity: '1', limitPrice: '80.00', revision: 5 }],
    ];
    for (const [change, expected] of steps) {
      expect((await replace(owner, orderId, change)).order).toMatchObject({ orderId, ...expected });
      expect(await readOrder(owner, orderId)).toMatchObject(expected);
      await expectHeld(owner, start, [orderId]);
    }
    await owner.call('OrderService/CancelOrder', { orderId });
    await expectHeld(owner, start, [orderId]);
  });

  it('holds the shares of a sale, and trades at once at the new price', async () => {
    const [seller, start] = await trader();
    const [buyer, before] = await trader();
    const bid = await placeOrder(buyer, limitTerms('BUY', symbol, '4', '95.00'));
    const ask = await placeOrder(seller, limitTerms('SELL', symbol, '10', '120.00'));
    await replace(seller, ask.orderId, { quantity: '15' });
    await expectHeld(seller, start, [ask.orderId]);
    const { order } = await replace(seller, ask.orderId, { limitPrice: '95' });
    expect(order).toMatchObject({ filledQuantity: '4', averageFillPrice: '95.00', revision: 3 });
    await expectHeld(seller, start, [ask.orderId]);
    await expectHeld(buyer, before, [bid.orderId]);
    // As many as are filled: what is left is cancelled, and nothing is held.
    expect((await replace(seller, ask.orderId, { quantity: '4' })).order).toMatchObject({
      status: 'ORDER_STATUS_CANCELLED',
      cancelReason: 'ORDER_CANCEL_REASON_REQUESTED',
    });
    await expectHeld(seller, start, [ask.orderId]);
  });

  it('keeps the place in the book for fewer shares, and loses it for more', async () => {
    const own = await openBook(admin);
    const [[first], [second], [seller]] = await Promise.all([
      trader({ of: own }),
      trader({ of: own }),
      trader({ of: own }),
    ]);
    const early = await placeOrder(first, limitTerms('BUY', own, '5', '90.00'));
    const late = await placeOrder(second, limitTerms('BUY', own, '5', '90.00'));
    await replace(first, early.orderId, { quantity: '3' });
    await placeOrder(seller, limitTerms('SELL', own, '1', '90.00'));
    await orderOnce(first, early.orderId, 'PARTIALLY_FILLED');
    await replace(first, early.orderId, { quantity: '4' });
    await placeOrder(seller, limitTerms('SELL', own, '1', '90.00'));
    await orderOnce(second, late.orderId, 'PARTIALLY_FILLED');
  });

  it('moves the stop price of a stop that waits, and its worst price with it', async () => {
    const own = await openBook(admin);
    const [owner, start] = await trader({ of: own });
    const terms = { symbol: own, side: 'SIDE_BUY', type: 'ORDER_TYPE_STOP', quantity: '5', stopPrice: '110.00' };
    const { orderId } = await placeOrder(owner, terms);
    const { order } = await replace(owner, orderId, { stopPrice: '120' });
    expect(order).toMatchObject({ stopPrice: '120.00', limitPrice: '126.00', waiting: true, revision: 2 });
    await expectHeld(owner, start, [orderId]);
    const [seller] = await trader({ of: own });
    await placeOrder(seller, limitTerms('SELL', own, '20', '120.00'));
    const [taker] = await trader({ of: own });
    await placeOrder(taker, limitTerms('BUY', own, '1', '120.00'));
    await orderOnce(owner, orderId, 'FILLED');
    await expectHeld(owner, start, [orderId]);
    expect(await refusalOf(replace(owner, orderId, { stopPrice: '130' }))).toMatchObject({
      code: 'failed_precondition',
      reason: 'ORDER_ALREADY_FINAL',
      metadata: { status: 'FILLED' },
    });
  });
});

describe('the key of a change', () => {
  it('repeats the answer, is refused for another body, and 20 calls at once make one change', async () => {
    const [owner] = await trader();
    const { orderId } = await placeOrder(owner, limitTerms('BUY', symbol, '10', '92.00'));
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => replace(owner, orderId, { quantity: '12' }, key)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect((await replace(owner, orderId, { quantity: '12.000' }, key)).order).toMatchObject({ revision: 2 });
    const reused = { code: 'already_exists', reason: 'KEY_REUSED' };
    expect(await refusalOf(replace(owner, orderId, { quantity: '13' }, key))).toMatchObject(reused);
  });
});

describe('a change that is refused', () => {
  it('for another revision is not stored', async () => {
    const [owner] = await trader();
    const { orderId } = await placeOrder(owner, limitTerms('BUY', symbol, '10', '92.00'));
    const key = randomUUID();
    const change = { quantity: '11', expectedRevision: 2 };
    expect(await refusalOf(replace(owner, orderId, change, key))).toMatchObject({
      code: 'aborted',
      reason: 'ORDER_REVISION_STALE',
      metadata: { revision: '1' },
    });
    await replace(owner, orderId, { limitPrice: '93', expectedRevision: 1 });
    expect((await replace(owner, orderId, change, key)).order).toMatchObject({ revision: 3 });
  });

  it('for want of cash or shares changes nothing, with its numbers, each time', async () => {
    const [owner, start] = await trader({ cash: '1000.00', shares: '10' });
    const bid = await placeOrder(owner, limitTerms('BUY', symbol, '10', '90.00'));
    const ask = await placeOrder(owner, limitTerms('SELL', symbol, '10', '112.00'));
    const orderIds = [bid.orderId, ask.orderId];
    const before = await Promise.all(orderIds.map((orderId) => readOrder(owner, orderId)));
    for (const [orderId, change, reason] of [
      [bid.orderId, { quantity: '12' }, 'CASH_INSUFFICIENT'],
      [bid.orderId, { limitPrice: '120' }, 'CASH_INSUFFICIENT'],
      [ask.orderId, { quantity: '11' }, 'SHARES_INSUFFICIENT'],
    ] as const) {
      const key = randomUUID();
      const refused = await refusalOf(replace(owner, orderId, change, key));
      expect(refused).toMatchObject({ code: 'failed_precondition', reason });
      expect(Object.keys(refused.metadata)).toEqual(
        expect.arrayContaining(['needed', 'available', 'held', 'order_id']),
      );
      expect(await refusalOf(replace(owner, orderId, change, key))).toEqual(refused);
    }
    await expectHeld(owner, start, orderIds);
    expect(await Promise.all(orderIds.map((orderId) => readOrder(owner, orderId)))).toEqual(before);
  });

  it('by limits, states and fields has their reasons, and harms nothing', async () => {
    const [owner, start] = await trader();
    const { orderId } = await placeOrder(owner, limitTerms('BUY', symbol, '10', '92.00'));
    const refusals: [JsonObject, string][] = [
      [{ limitPrice: '92.005' }, 'PRICE_NOT_ON_TICK'],
      [{ quantity: '1.5' }, 'QUANTITY_NOT_ON_LOT'],
      [{ quantity: '-1' }, 'INVALID_FIELD'],
      [{}, 'INVALID_FIELD'],
      [{ stopPrice: '60' }, 'INVALID_FIELD'],
      [{ orderId: randomUUID(), quantity: '1' }, 'ORDER_NOT_FOUND'],
    ];
    for (const [change, reason] of refusals) {
      expect(await refusalOf(replace(owner, orderId, change))).toMatchObject({ reason });
    }
    await setConditions(admin, owner, { openNotionalMax: '950.00' });
    let quantity = 10;
    await eventually(async () => {
      quantity += 1;
      expect(await refusalOf(replace(owner, orderId, { quantity: String(quantity) }))).toMatchObject({
        reason: 'OPEN_NOTIONAL_OVER_LIMIT',
      });
    });
    await replace(owner, orderId, { quantity: '9' });
    await admin.call('MarketAdminService/HaltInstrument', { idempotencyKey: randomUUID(), symbol });
    await eventually(async () =>
      expect(await refusalOf(replace(owner, orderId, { quantity: '8' }))).toMatchObject({
        reason: 'INSTRUMENT_HALTED',
      }),
    );
    await admin.call('MarketAdminService/ResumeInstrument', { idempotencyKey: randomUUID(), symbol });
    await expectHeld(owner, start, [orderId]);
    const stranger = await registerInvestor(client);
    expect(await refusalOf(replace(stranger, orderId, { quantity: '1' }))).toMatchObject({ reason: 'ORDER_NOT_FOUND' });
  });
});

/** Kills one replica of the order service after the other. */
async function killOrderServices(kills: number): Promise<void> {
  for (let kill = 0; kill < kills; kill += 1) {
    await pause(1_500 + Math.random() * 1_500);
    const replicas = system.run().processes.filter(({ name }) => name === 'order');
    const victim = replicas[kill % replicas.length];
    if (victim !== undefined) process.kill(victim.pid, 'SIGKILL');
  }
}

describe('random changes that race fills and cancels', { timeout: 300_000 }, () => {
  it('leave each balance and hold as exact arithmetic has them, while order services are killed, and a clean audit', async () => {
    const traders = await Promise.all(Array.from({ length: 4 }, () => trader({ shares: '60', cash: '3000.00' })));
    const work = traders.map(([investor]) => tradeAtRandom(investor, symbol, 60));
    const [placed] = await Promise.all([Promise.all(work), killOrderServices(4)]);
    for (const [index, [investor, start]] of traders.entries()) {
      await eventually(() => expectHeld(investor, start, placed[index] ?? []), { timeoutMs: 60_000 });
    }
    await audit(client, system.admin);
    for (const [index, [investor, start]] of traders.entries()) {
      await untilAnswered(() => investor.call('OrderService/CancelAllOrders', { idempotencyKey: randomUUID() }));
      // An order that is not cancelled yet has its hold still, and both are right.
      const isFreed = async () => expect((await investor.call('LedgerService/ListHolds')).holds ?? []).toEqual([]);
      await eventually(isFreed, { timeoutMs: 60_000 });
      await eventually(() => expectHeld(investor, start, placed[index] ?? []), { timeoutMs: 60_000 });
    }
    await audit(client, system.admin);
  });
});
