import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '#gen/outcry/access/v1/access_pb.ts';
import { PriceDirection, RunOutcome } from '#gen/outcry/auto/v1/auto_pb.ts';
import { AlertRaisedSchema, RunFinishedSchema } from '#gen/outcry/auto/v1/events_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { DepositCompletedSchema, WithdrawalCompletedSchema } from '#gen/outcry/ledger/v1/events_pb.ts';
import { MessageKind } from '#gen/outcry/notification/v1/notification_pb.ts';
import { OrderEndedSchema, OrderFilledSchema, OrderOpenedSchema } from '#gen/outcry/order/v1/events_pb.ts';
import { OrderCancelReason, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { ApiKeyCreatedSchema, LogInsFailedSchema, UserRegisteredSchema } from '#gen/outcry/user/v1/events_pb.ts';
import { createGrownLists } from '#platform/concurrency/grown-lists.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createDueTime } from '../jobs/due-time.ts';
import { type FakeSmtp, startFakeSmtp } from '../testing/fake-smtp.ts';
import { createTestWorld, startReplica, type TestReplica, type TestWorld } from '../testing/start-notification.ts';
import { factPages } from './fact-pages.ts';

describe('events that people are notified of', () => {
  let world: TestWorld;
  let smtp: FakeSmtp;
  let service: TestReplica;
  let accountId: string;
  let email: string;
  beforeAll(async () => {
    world = await createTestWorld();
    smtp = await startFakeSmtp();
    service = await startReplica(world, { smtpUrl: smtp.url });
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await smtp?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    accountId = uuidV7();
    email = `${accountId}@example.com`;
    world.contacts?.set(accountId, { userId: accountId, email, displayName: 'Ada', house: false });
  });

  const mailsTo = (address: string) => smtp.mails.filter(({ to }) => to.includes(address));
  const messagesOf = async (userId: string) => {
    const userToken = await world.identity.userToken({ userId });
    return (await service.messages.listMessages({}, { userToken })).messages;
  };
  const mailed = (count: number) => eventually(() => expect(mailsTo(email)).toHaveLength(count));
  const nothingWaits = () =>
    eventually(async () => {
      const { rows } = await world.db.query(`SELECT 1 FROM delivery WHERE state = 'waiting'`);
      expect(rows).toEqual([]);
    });
  const order = (status: OrderStatus) => ({
    orderId: uuidV7(),
    accountId,
    symbol: 'ACME',
    side: Side.BUY,
    type: OrderType.LIMIT,
    quantity: '10',
    limitPrice: '187.25',
    filledQuantity: status === OrderStatus.FILLED ? '10' : '4',
    averageFillPrice: '187.1',
    fees: '0.94',
    status,
  });
  const fill = { tradeId: uuidV7(), symbol: 'ACME', side: Side.BUY, quantity: '4', price: '187', fee: '0.37' };

  it('shows a fill in the app and mails all fills at the end, with the fact in the Message-ID', async () => {
    const factId = await world.publish(OrderFilledSchema, { order: order(OrderStatus.FILLED), fill, house: false });
    await mailed(1);
    expect(mailsTo(email)[0]).toMatchObject({
      from: 'no-reply@outcry.example',
      subject: 'Order filled: bought 10 ACME at 187.1 on average',
      messageId: `<${factId}.fill@outcry.example>`,
    });
    expect(mailsTo(email)[0]?.text).toMatch(
      /^Hello Ada,\n\nYou bought 10 ACME at 187\.1 on average[\s\S]*http:\/\/localhost:8080/,
    );
    expect(await messagesOf(accountId)).toMatchObject([{ subject: 'Order filled: bought 4 ACME at 187' }]);
  });

  it('lists the facts of an order in their order, also those of one millisecond', async () => {
    const timeMs = Date.now();
    const count = 12;
    for (let index = 0; index < count; index += 1) {
      const orderId = uuidV7();
      const orderOf = (status: OrderStatus, version: bigint) => ({ ...order(status), orderId, version });
      await world.publish(OrderOpenedSchema, { order: orderOf(OrderStatus.OPEN, 2n) }, { timeMs: timeMs + index });
      const partly = { order: orderOf(OrderStatus.PARTIALLY_FILLED, 3n), fill };
      await world.publish(OrderFilledSchema, partly, { timeMs: timeMs + index });
      const cancelReason = OrderCancelReason.SELF_TRADE;
      const ended = { order: { ...orderOf(OrderStatus.CANCELLED, 4n), cancelReason } };
      await world.publish(OrderEndedSchema, ended, { timeMs: timeMs + index });
    }
    await eventually(async () => expect(await messagesOf(accountId)).toHaveLength(3 * count));
    const messages = await messagesOf(accountId);
    const newestFirst = ['Order cancelled', 'Order partly filled', 'Order open'];
    expect(messages.map(({ subject }) => subject.split(':')[0])).toEqual(Array(count).fill(newestFirst).flat());
    expect(messages[0]?.text).toContain('Your order was cancelled: self-trade prevention: it met an own order.');
  });

  it('notifies of orders, transfers, alerts and automations', async () => {
    const transfer = { accountId, transferId: uuidV7(), amount: '100.00', currency: 'USD' };
    const condition = { symbol: 'ACME', direction: PriceDirection.AT_OR_BELOW, price: '150' };
    const refused = {
      outcome: RunOutcome.REFUSED,
      reason: ErrorReason.CASH_INSUFFICIENT,
      metadata: { needed: '5', order_id: 'x' },
    };
    await world.publish(OrderOpenedSchema, { order: order(OrderStatus.OPEN) });
    await world.publish(OrderEndedSchema, { order: order(OrderStatus.CANCELLED) });
    await world.publish(DepositCompletedSchema, transfer);
    await world.publish(WithdrawalCompletedSchema, transfer);
    await world.publish(AlertRaisedSchema, { accountId, name: 'low', condition, price: '149.5', note: 'look' });
    await world.publish(RunFinishedSchema, { accountId, name: 'weekly', run: refused });
    await mailed(5);
    expect(
      mailsTo(email)
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual([
      'Alert: ACME is at 149.5',
      'Automation refused: weekly',
      'Deposit booked: 100.00 USD',
      'Order cancelled: buy 10 ACME at 187.25',
      'Withdrawal booked: 100.00 USD',
    ]);
    const messages = await messagesOf(accountId);
    expect(messages).toHaveLength(6);
    expect(messages.map(({ subject }) => subject)).toContain('Order open: buy 10 ACME at 187.25');
    expect(messages.find(({ subject }) => subject.startsWith('Automation'))?.text).toContain(
      'Reason: cash insufficient (needed 5)',
    );
  });

  it('notifies of an event once, also when it comes again after its inbox entry was deleted', async () => {
    const id = uuidV7();
    const deposit = { accountId, transferId: uuidV7(), amount: '1.00', currency: 'USD' };
    await world.publish(DepositCompletedSchema, deposit, { id });
    await mailed(1);
    await handleAgain(world, id, deposit);
    await world.publish(OrderEndedSchema, { order: order(OrderStatus.CANCELLED) });
    await mailed(2);
    expect(await messagesOf(accountId)).toHaveLength(2);
  });

  it('notifies of an alert once, not of its run as well', async () => {
    await world.publish(RunFinishedSchema, { accountId, name: 'low', run: { outcome: RunOutcome.DONE } });
    await world.publish(RunFinishedSchema, { accountId, name: 'x', run: { outcome: RunOutcome.DONE, orderId: 'o-1' } });
    await mailed(1);
    expect(mailsTo(email)[0]?.subject).toBe('Automation ran: x');
  });

  it('notifies of a large order that was worked in slices, which names no order', async () => {
    const slice = { quantity: '500', placedQuantity: '480', filledQuantity: '475', placedCount: 24, refusedCount: 1 };
    const run = { outcome: RunOutcome.DONE, reason: ErrorReason.CASH_INSUFFICIENT, slice };
    await world.publish(RunFinishedSchema, { accountId, name: 'large', run });
    await mailed(1);
    expect((await messagesOf(accountId))[0]?.text).toContain('475 of 500 shares traded.');
  });

  it('notifies the owner of an account of wrong passwords', async () => {
    const lastTime = timestampFromMs(Date.now());
    const times = { firstTime: timestampFromMs(Date.now() - 60_000), lastTime };
    await world.publish(LogInsFailedSchema, { userId: accountId, failedCount: 12, ...times });
    await mailed(1);
    expect(mailsTo(email)[0]?.subject).toBe('Wrong passwords for your account: 12 log-ins failed');
    expect(await messagesOf(accountId)).toMatchObject([{ kind: MessageKind.SECURITY }]);
  });

  it('notifies the owner of an account of a new API key', async () => {
    const apiKey = { name: 'robot', prefix: 'ok_abcdefghijkl', scopes: [Scope.READ, Scope.TRADE] };
    await world.publish(ApiKeyCreatedSchema, { userId: accountId, apiKey });
    await mailed(1);
    expect(mailsTo(email)[0]?.subject).toBe('An API key was made for your account: robot');
    expect(await messagesOf(accountId)).toMatchObject([
      { kind: MessageKind.SECURITY, text: expect.stringContaining('may act for you: read, trade.') },
    ]);
  });

  it('welcomes people and stores their address without a call to the user service', async () => {
    const newcomer = { userId: uuidV7(), email: 'new@example.com', displayName: 'New', house: false };
    await world.publish(UserRegisteredSchema, newcomer);
    await eventually(() => expect(mailsTo('new@example.com')).toHaveLength(1));
    expect(mailsTo('new@example.com')[0]?.subject).toBe('Welcome to Outcry');
  });

  it('never mails the house, whether an event, its registration or the user service says that it is the house', async () => {
    const known = { userId: uuidV7(), email: '', displayName: 'maker-1', house: true };
    const unknown = { userId: uuidV7(), email: 'house@example.com', displayName: 'maker-2', house: true };
    world.contacts?.set(unknown.userId, unknown);
    // Mails of the tests before, of which none waits for all of its own.
    await nothingWaits();
    const before = smtp.mails.length;
    await world.publish(UserRegisteredSchema, known);
    await world.publish(OrderFilledSchema, { order: order(OrderStatus.FILLED), fill, house: true });
    for (const accountId of [known.userId, unknown.userId]) {
      await world.publish(DepositCompletedSchema, { accountId, transferId: 't', amount: '1.00', currency: 'USD' });
    }
    await world.publish(OrderEndedSchema, { order: order(OrderStatus.CANCELLED) });
    await mailed(1);
    await nothingWaits();
    expect(smtp.mails).toHaveLength(before + 1);
    expect(await messagesOf(known.userId)).toEqual([]);
    expect(await messagesOf(unknown.userId)).toEqual([]);
  });
});

/** Gives the event to its handler as the bus would, without the inbox. */
async function handleAgain(world: TestWorld, id: string, deposit: MessageInitShape<typeof DepositCompletedSchema>) {
  const deps = { db: world.db, dueMails: createDueTime(Date.now), grownBoxes: createGrownLists(100), nowMs: Date.now };
  const payload = toBinary(DepositCompletedSchema, create(DepositCompletedSchema, deposit));
  const type = DepositCompletedSchema.typeName;
  const event = { id, type, key: 'k', payload, timeMs: Date.now(), traceparent: '' };
  await world.db.transaction((tx) => factPages(deps)([event], tx));
}
