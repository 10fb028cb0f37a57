import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FillEmails, MessageKind } from '#gen/outcry/notification/v1/notification_pb.ts';
import { OrderEndedSchema, OrderFilledSchema } from '#gen/outcry/order/v1/events_pb.ts';
import { OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { createGrownLists } from '#platform/concurrency/grown-lists.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createDueTime } from '../jobs/due-time.ts';
import { type FakeSmtp, startFakeSmtp } from '../testing/fake-smtp.ts';
import { createTestWorld, startReplica, type TestReplica, type TestWorld } from '../testing/start-notification.ts';
import { factPages } from './fact-pages.ts';

describe('mails of orders', () => {
  let world: TestWorld;
  let smtp: FakeSmtp;
  let service: TestReplica;
  let accountId: string;
  let orderId: string;
  let skewMs = 0;
  const nowMs = () => Date.now() + skewMs;
  beforeAll(async () => {
    world = await createTestWorld();
    smtp = await startFakeSmtp();
    service = await startReplica(world, { smtpUrl: smtp.url, nowMs });
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await smtp?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    accountId = uuidV7();
    orderId = uuidV7();
    world.contacts?.set(accountId, { userId: accountId, email: `${accountId}@example.com`, displayName: 'Ada' });
    smtp.takesMs = 0;
  });

  const subjects = () =>
    smtp.mails.filter(({ to }) => to.includes(`${accountId}@example.com`)).map(({ subject }) => subject);
  const rows = async () => {
    const found = await world.db.query<{ state: string; attempts: number; next_attempt_time: Date }>(
      'SELECT state, attempts, next_attempt_time FROM delivery WHERE order_id = $1',
      [orderId],
    );
    return found.rows;
  };
  const sent = (count: number) =>
    eventually(async () => {
      expect(subjects()).toHaveLength(count);
      expect(await rows()).toMatchObject([{ state: 'sent' }]);
    });
  const setFills = async (preference: { email: boolean; fillEmails?: FillEmails }) => {
    const userToken = await world.identity.userToken({ userId: accountId });
    await service.messages.setPreferences({ preferences: [{ kind: MessageKind.FILL, ...preference }] }, { userToken });
  };
  const order = (filled: number, status: OrderStatus, version = filled) => ({
    orderId,
    accountId,
    symbol: 'ACME',
    side: Side.BUY,
    type: OrderType.LIMIT,
    quantity: '10',
    limitPrice: '187.25',
    filledQuantity: String(filled),
    averageFillPrice: filled === 0 ? '' : '187.1',
    fees: '0.5',
    status,
    version: BigInt(version),
  });
  const fill = (filled: number, status = filled === 10 ? OrderStatus.FILLED : OrderStatus.PARTIALLY_FILLED) => ({
    type: OrderFilledSchema.typeName,
    payload: encode(order(filled, status)),
  });
  const encode = (filledOrder: MessageInitShape<typeof OrderFilledSchema>['order']) =>
    toBinary(
      OrderFilledSchema,
      create(OrderFilledSchema, { order: filledOrder, fill: { quantity: '1', price: '187', fee: '0.1' } }),
    );
  const cancel = (filled: number) => ({
    type: OrderEndedSchema.typeName,
    payload: toBinary(
      OrderEndedSchema,
      create(OrderEndedSchema, { order: order(filled, OrderStatus.CANCELLED, filled + 1) }),
    ),
  });
  type Event = { type: string; payload: Uint8Array; id?: string };
  /** Handles the events as one page, as the bus would. */
  const handle = async (...events: Event[]) => {
    const page = events.map((event) => ({ id: uuidV7(), key: accountId, timeMs: nowMs(), traceparent: '', ...event }));
    const deps = { db: world.db, dueMails: createDueTime(nowMs), grownBoxes: createGrownLists(100), nowMs };
    await world.db.transaction((tx) => factPages(deps)(page, tx));
  };

  it('sends one mail when the order ends, with the fills of other pages and its own', async () => {
    await handle(fill(1), fill(2));
    await handle(fill(3));
    await handle(fill(4), fill(10), fill(7));
    await sent(1);
    expect(subjects()).toEqual(['Order filled: bought 10 ACME at 187.1 on average']);
    const userToken = await world.identity.userToken({ userId: accountId });
    expect((await service.messages.listMessages({}, { userToken })).messages).toHaveLength(6);
  });

  it('sends what becomes due together as one mail', async () => {
    const first = fill(10);
    orderId = uuidV7();
    await handle(first, cancel(0));
    await sent(1);
    expect(subjects()).toEqual(['2 orders: 1 filled, 1 cancelled']);
  });

  it('sends what was filled so far after 15 s, and then no more often than that', async () => {
    await handle(fill(1));
    const [first] = await rows();
    skewMs += 5_000;
    await handle(fill(2));
    expect(await rows()).toEqual([first]);
    expect(subjects()).toEqual([]);
    skewMs += 10_000;
    await sent(1);
    expect(subjects()).toEqual(['Order partly filled: bought 2 ACME at 187.1 on average']);
    const sentMs = nowMs();
    await handle(fill(3));
    const [next] = await rows();
    expect(next?.state).toBe('waiting');
    expect(next?.next_attempt_time.getTime()).toBeGreaterThanOrEqual(sentMs + 15_000);
    await handle(cancel(3));
    skewMs += 15_000;
    await sent(2);
    expect(subjects()[1]).toBe('Order cancelled: buy 10 ACME at 187.25');
  });

  it('sends nothing again for a fact that comes again, or late', async () => {
    const first = { ...fill(1), id: uuidV7() };
    const last = { ...fill(10), id: uuidV7() };
    await handle(first);
    await handle(last);
    await sent(1);
    await handle(last);
    await handle(first, fill(5));
    expect(await rows()).toMatchObject([{ state: 'sent' }]);
  });

  it('sends what happens while the mail before it is on its way', async () => {
    smtp.takesMs = 700;
    await handle(fill(1));
    skewMs += 15_000;
    await eventually(async () => expect(await rows()).toMatchObject([{ attempts: 1 }]));
    await handle(fill(10));
    skewMs += 15_000;
    await sent(2);
    expect(subjects()).toEqual([
      'Order partly filled: bought 1 ACME at 187',
      'Order filled: bought 10 ACME at 187.1 on average',
    ]);
  });

  it('sends fills at the end alone, or not, as their owner prefers', async () => {
    await setFills({ email: true, fillEmails: FillEmails.AT_END });
    await handle(fill(1));
    expect(await rows()).toEqual([]);
    await handle(fill(10));
    await sent(1);
    orderId = uuidV7();
    await setFills({ email: false });
    await handle(fill(1), fill(10));
    expect(await rows()).toEqual([]);
    orderId = uuidV7();
    await handle(fill(1), cancel(1));
    skewMs += 15_000;
    await sent(2);
  });
});
