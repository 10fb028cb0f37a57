import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type Order, OrderSort, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { bracketOf } from '../testing/lists.ts';
import { limitTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

type Owner = Awaited<ReturnType<TestSystem['newUser']>>;
type Request = Parameters<Replica['orders']['listOrders']>[0];

let system: TestSystem;
let replica: Replica;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
afterAll(() => system[Symbol.asyncDispose]());

async function place(owner: Owner, key: string, terms = limitTerms('buy', '1', '40')): Promise<string> {
  const { order } = await replica.orders.placeOrder({ clientOrderId: key, terms }, owner);
  return order?.orderId ?? '';
}

/** All pages of a list; `between` runs after each but the last. */
async function walk(owner: Owner, request: Request, between: (page: number) => Promise<unknown> = async () => {}) {
  const pages: Order[][] = [];
  for (let pageToken = ''; ; ) {
    const page = await replica.orders.listOrders({ ...request, pageToken }, owner);
    pages.push(page.orders);
    pageToken = page.nextPageToken;
    if (pageToken === '') return pages;
    await between(pages.length);
  }
}

const keysIn = (pages: Order[][]) => pages.flat().map(({ clientOrderId }) => clientOrderId);
const keysOf = async (owner: Owner, request: Request) => keysIn(await walk(owner, request));

/** Orders a1 to a3 buy ACME, of which a3 is cancelled; f1 buys FRAC; s1 sells ACME. */
async function fiveOrders(): Promise<Owner> {
  const owner = await system.newUser();
  await place(owner, 'a1');
  await place(owner, 'a2');
  const third = await place(owner, 'a3');
  await place(owner, 'f1', limitTerms('buy', '1', '40', { symbol: 'FRAC' }));
  await place(owner, 's1', limitTerms('sell', '1', '140'));
  await replica.orders.cancelOrder({ orderId: third }, owner);
  await eventually(async () => expect(await keysOf(owner, { openOnly: true })).toHaveLength(4));
  return owner;
}

describe('ListOrders', () => {
  it('filters by status, symbols, side, and the beginning of the key', async () => {
    const owner = await fiveOrders();
    const sort = OrderSort.BY_CREATION_OLDEST_FIRST;
    const keys = (request: Request) => keysOf(owner, { sort, ...request });
    expect(await keys({})).toEqual(['a1', 'a2', 'a3', 'f1', 's1']);
    expect(await keys({ statuses: [OrderStatus.CANCELLED] })).toEqual(['a3']);
    expect(await keys({ statuses: [OrderStatus.CANCELLED, OrderStatus.OPEN], side: Side.SELL })).toEqual(['s1']);
    expect(await keys({ statuses: [OrderStatus.OPEN, OrderStatus.PENDING] })).toEqual(['a1', 'a2', 'f1', 's1']);
    expect(await keys({ symbols: ['FRAC', 'NONE'] })).toEqual(['f1']);
    expect(await keys({ symbols: ['FRAC', 'ACME'], side: Side.BUY, clientOrderIdPrefix: 'a' })).toEqual([
      'a1',
      'a2',
      'a3',
    ]);
    expect(await keys({ symbol: 'ACME', openOnly: true, side: Side.BUY })).toEqual(['a1', 'a2']);
    expect(await keys({ clientOrderIdPrefix: 'none' })).toEqual([]);
  });

  it('filters by the list that orders belong to', async () => {
    const owner = await fiveOrders();
    const { listId } = await replica.orders.placeOrderList(bracketOf('k'), owner);
    const keys = (request: Request) => keysOf(owner, { sort: OrderSort.BY_CREATION_OLDEST_FIRST, listId, ...request });
    expect((await keys({})).toSorted()).toEqual(['k-0', 'k-1', 'k-2']);
    expect((await keys({ openOnly: true, side: Side.SELL })).toSorted()).toEqual(['k-1', 'k-2']);
    expect(await keys({ statuses: [OrderStatus.FILLED] })).toEqual([]);
    expect((await keysOf(owner, { listId })).toSorted()).toEqual(['k-0', 'k-1', 'k-2']);
    expect(await keysOf(await system.newUser(), { listId })).toEqual([]);
  });

  it('filters by the time of creation, whatever the sort is', async () => {
    const owner = await system.newUser();
    const nowMs = Date.now();
    const times = new Map<string, number>();
    for (const key of ['first', 'second', 'third']) {
      await eventually(() => expect(Date.now()).toBeGreaterThan(Math.max(nowMs, ...times.values()) + 2));
      const { order } = await replica.orders.placeOrder(
        { clientOrderId: key, terms: limitTerms('buy', '1', '40') },
        owner,
      );
      times.set(key, Number(order?.createTime?.seconds) * 1_000 + Number(order?.createTime?.nanos) / 1e6);
    }
    const second = times.get('second') ?? 0;
    for (const sort of [OrderSort.BY_CHANGE, OrderSort.BY_CREATION, OrderSort.BY_CREATION_OLDEST_FIRST]) {
      const from = { fromTime: timestampFromMs(second), sort };
      const until = { untilTime: timestampFromMs(second), sort };
      expect((await keysOf(owner, from)).toSorted()).toEqual(['second', 'third']);
      expect(await keysOf(owner, until)).toEqual(['first']);
      expect(await keysOf(owner, { ...from, untilTime: timestampFromMs(second + 1) })).toEqual(['second']);
      expect(await keysOf(owner, { ...from, untilTime: timestampFromMs(second) })).toEqual([]);
    }
  });

  it('refuses a token with other filters, another sort, or of another account', async () => {
    const [owner, other] = [await fiveOrders(), await fiveOrders()];
    const request = { pageSize: 1, symbols: ['ACME', 'FRAC'], side: Side.BUY };
    const { nextPageToken: pageToken } = await replica.orders.listOrders(request, owner);
    expect(pageToken).not.toBe('');
    const same = { ...request, symbols: ['FRAC', 'ACME'], pageToken };
    expect((await replica.orders.listOrders(same, owner)).orders).toHaveLength(1);
    const changes: Request[] = [
      { symbols: ['ACME'] },
      { side: Side.SELL },
      { statuses: [OrderStatus.OPEN] },
      { openOnly: true },
      { clientOrderIdPrefix: 'a' },
      { listId: '0192f0c1-0000-7000-8000-000000000001' },
      { fromTime: timestampFromMs(1) },
      { untilTime: timestampFromMs(Date.now()) },
      { sort: OrderSort.BY_CREATION },
    ];
    const invalid = { reason: ErrorReason.PAGE_TOKEN_INVALID, violations: [{ field: 'page_token' }] };
    for (const change of changes) {
      await expect(replica.orders.listOrders({ ...same, ...change }, owner)).rejects.toMatchObject(invalid);
    }
    await expect(replica.orders.listOrders(same, other)).rejects.toMatchObject(invalid);
  });

  it('names the field of a filter that makes no sense', async () => {
    const owner = await system.newUser();
    const wrong: [string, Request][] = [
      ['symbols', { symbols: Array.from({ length: 51 }, () => 'ACME') }],
      ['symbols', { symbols: ['lower'] }],
      ['symbols', { symbols: ['ACME'], symbol: 'ACME' }],
      ['statuses', { statuses: [99 as number as OrderStatus] }],
      ['statuses', { statuses: [OrderStatus.UNSPECIFIED] }],
      ['list_id', { listId: 'k' }],
      ['side', { side: 9 as number as Side }],
      ['sort', { sort: 9 as number as OrderSort }],
      ['client_order_id_prefix', { clientOrderIdPrefix: 'a%' }],
      ['until_time', { fromTime: timestampFromMs(2_000), untilTime: timestampFromMs(1_000) }],
    ];
    for (const [field, request] of wrong) {
      await expect(replica.orders.listOrders(request, owner)).rejects.toMatchObject({ violations: [{ field }] });
    }
  });
});

describe('pages of ListOrders while orders change', () => {
  /** Ten orders, and what happens to them between pages: some are cancelled, some traded, and new ones come. */
  async function tenOrders() {
    const [owner, other] = [await system.newUser(), await system.newUser()];
    const ids: string[] = [];
    for (let index = 0; index < 10; index += 1) ids.push(await place(owner, `k${index}`, limitTerms('buy', '5', '41')));
    let changes = 0;
    const change = async () => {
      changes += 1;
      if (changes > 5) return;
      // The oldest of those that are left trades a little, one in the middle is cancelled, and one comes.
      await replica.orders.placeOrder({ clientOrderId: `x${changes}`, terms: limitTerms('sell', '1', '41') }, other);
      const cancelled = ids[changes + 4] ?? '';
      await replica.orders.cancelOrder({ orderId: cancelled }, owner);
      await place(owner, `new${changes}`);
    };
    return { owner, ids, change };
  }

  it.each([
    ['newest first', OrderSort.BY_CREATION],
    ['oldest first', OrderSort.BY_CREATION_OLDEST_FIRST],
  ])('by creation, %s: each order that was there at the first is on one page', async (_, sort) => {
    const { owner, ids, change } = await tenOrders();
    const found = (await walk(owner, { pageSize: 3, sort }, change)).flat().map(({ orderId }) => orderId);
    for (const orderId of ids) expect(found.filter((one) => one === orderId)).toHaveLength(1);
    const known = found.filter((orderId) => ids.includes(orderId));
    expect(known).toEqual(sort === OrderSort.BY_CREATION ? ids.toReversed() : ids);
  });

  it('by change: each order is on one page at least, and what changed since the first page is there as it is then', async () => {
    const { owner, ids, change } = await tenOrders();
    const pages = await walk(owner, { pageSize: 3 }, change);
    const found = pages.flat();
    for (const orderId of ids) expect(found.some((one) => one.orderId === orderId)).toBe(true);
    // The last state that a walk has seen of each order is that of its end.
    const last = new Map(found.map((order) => [order.orderId, order.changeSequence]));
    const { orders } = await replica.orders.listOrders({ pageSize: 200 }, owner);
    for (const { orderId, changeSequence } of orders) expect(last.get(orderId)).toBe(changeSequence);
  });

  it('by change: a walk during which nothing changes has each order once, newest change first', async () => {
    const { owner, ids } = await tenOrders();
    const pages = await walk(owner, { pageSize: 5 });
    expect(pages.map(({ length }) => length)).toEqual([5, 5]);
    expect(pages.flat().map(({ orderId }) => orderId)).toEqual(ids.toReversed());
  });

  it('goes on past 10,000 orders that a filter leaves out, in pages with nothing on them', {
    timeout: 90_000,
  }, async () => {
    const owner = await system.newUser();
    await place(owner, 'needle');
    await addHay(owner, 10_500);
    for (const sort of [OrderSort.BY_CHANGE, OrderSort.BY_CREATION_OLDEST_FIRST]) {
      const pages = await walk(owner, { clientOrderIdPrefix: 'needle', sort });
      expect(pages.map(({ length }) => length)).toEqual([0, 1]);
    }
  });
});

/** Copies of the owner's order that changed after it and whose ids come before its own. */
async function addHay({ userId }: Owner, count: number): Promise<void> {
  await using db = system.db.openAnother({ statementTimeoutMs: 60_000 });
  const { rows } = await db.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'orders'`,
  );
  const changed: Record<string, string> = {
    order_id: "overlay(order_id::text placing lpad(to_hex(n), 12, '0') from 25)::uuid",
    client_order_id: "'hay' || n",
    state: "'cancelled'",
    change_sequence: 'change_sequence + n',
  };
  const names = rows.map(({ name }) => name);
  await db.query(
    `INSERT INTO orders (${names.join(', ')}) SELECT ${names.map((name) => changed[name] ?? name).join(', ')}
     FROM orders, generate_series(1, $2::int) AS n WHERE account_id = $1`,
    [userId, count],
  );
}
