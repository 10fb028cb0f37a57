import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { HoldRequest } from '../domain/admit-hold.ts';
import { interrupted, openBooks, type TestBooks } from '../testing/books.ts';
import { holdItem, requestOf, type TestHold } from '../testing/orders.ts';
import { placeHolds, placeInTurn } from './place-holds.ts';
import { releaseHolds } from './release-holds.ts';

let books: TestBooks;

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books?.[Symbol.asyncDispose]());

const request = (given: Partial<TestHold> & { accountId: string }): HoldRequest => requestOf(holdItem(given));

/** The database with its statements counted: those that commit by themselves, and transactions. */
function counted(db: Database) {
  const counts = { statements: 0, transactions: 0 };
  const counting: Database = {
    ...db,
    query: (text, values) => {
      counts.statements += 1;
      return db.query(text, values);
    },
    transaction: (work, options) => {
      counts.transactions += 1;
      return db.transaction(work, options);
    },
  };
  return { db: counting, counts };
}

describe('placeHolds', () => {
  it('takes a whole group by one statement', async () => {
    const accountId = await books.addAccount({ cash: 1_000_000_000n, shares: { ACME: 50_000_000n } });
    const { db, counts } = counted(books.db);
    const group = [
      request({ accountId }),
      request({ accountId, side: Side.SELL, quantityLots: 3n }),
      request({ accountId }),
    ];
    expect(await placeHolds(db, group, Date.now())).toEqual([undefined, undefined, undefined]);
    expect(counts).toEqual({ statements: 1, transactions: 0 });
    expect(await books.balancesOf(accountId)).toEqual(['ACME 47000000/3000000', 'USD 979960000/20040000']);
  });

  it('decides only those in turn whose balance does not suffice for all of them', async () => {
    const [rich, poor] = [
      await books.addAccount({ cash: 1_000_000_000n }),
      await books.addAccount({ cash: 11_000_000n }),
    ];
    const { db, counts } = counted(books.db);
    const group = [rich, poor, rich, poor].map((accountId) => request({ accountId }));
    const outcomes = await placeHolds(db, group, Date.now());
    expect(outcomes.map((refusal) => refusal?.reason)).toEqual([undefined, undefined, undefined, 'cash-insufficient']);
    expect(counts).toEqual({ statements: 1, transactions: 1 });
    expect(await books.balancesOf(poor)).toEqual(['USD 980000/10020000']);
  });

  it('takes nothing for an account that is frozen or has no copy, and repeats what it knows', async () => {
    const frozen = await books.addAccount({ state: 'frozen', cash: 1_000_000_000n });
    const active = await books.addAccount({ cash: 1_000_000_000n });
    const known = request({ accountId: active });
    await placeHolds(books.db, [known], Date.now());
    const group = [
      request({ accountId: frozen }),
      request({ accountId: uuidV7() }),
      known,
      request({ accountId: active }),
    ];
    const outcomes = await placeHolds(books.db, group, Date.now());
    expect(outcomes.map((refusal) => refusal?.reason)).toEqual([
      'account-frozen',
      'account-not-found',
      undefined,
      undefined,
    ]);
    expect(await books.balancesOf(frozen)).toEqual(['USD 1000000000/0']);
    expect(await books.balancesOf(active)).toEqual(['USD 979960000/20040000']);
  });

  it('refuses an amount that no balance can have', async () => {
    const accountId = await books.addAccount({ cash: 4_000_000_000_000_000_000n });
    const most = 2n ** 31n - 1n;
    const huge = request({ accountId, quantityLots: most, priceTicks: most, tickLotMicros: most, lotMicros: 1n });
    const outcomes = await placeHolds(books.db, [huge, request({ accountId })], Date.now());
    expect(outcomes.map((refusal) => refusal?.reason)).toEqual(['cash-insufficient', undefined]);
  });
});

/** A request of a generated group; accounts and order ids by their number. */
type Draft = { account: number; order: number; symbol: string; side: Side; lots: number; limit: boolean };

const draft = fc.record<Draft>({
  account: fc.integer({ min: 0, max: 4 }),
  order: fc.integer({ min: 0, max: 12 }),
  symbol: fc.constantFrom('ACME', 'ZETA'),
  side: fc.constantFrom(Side.BUY, Side.SELL),
  lots: fc.integer({ min: 1, max: 12 }),
  limit: fc.boolean(),
});
const groups = fc.array(fc.array(draft, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 });

/** What a way of placing makes of the groups, with accounts and orders of its own. */
async function outcomesOf(place: typeof placeHolds, drafts: Draft[][]) {
  const accounts = [
    await books.addAccount({ cash: 30_000_000n, shares: { ACME: 20_000_000n } }),
    await books.addAccount({ cash: 10_000_000n, shares: { ACME: 5_000_000n, ZETA: 9_000_000n } }),
    await books.addAccount({ cash: 1_000_000_000n, shares: { ZETA: 100_000_000n } }),
    await books.addAccount({ state: 'frozen', cash: 50_000_000n }),
    uuidV7(),
  ];
  const orders = Array.from({ length: 13 }, () => uuidV7());
  const outcomes = [];
  for (const group of drafts) {
    const requests = group.map(({ account, order, symbol, side, lots, limit }) =>
      request({
        accountId: accounts[account] ?? '',
        orderId: orders[order],
        symbol,
        side,
        quantityLots: BigInt(lots),
        positionLimitMicros: limit ? 15_000_000n : undefined,
      }),
    );
    outcomes.push(await place(books.db, requests, Date.now()));
  }
  const balances = [];
  for (const accountId of accounts) balances.push(await books.balancesOf(accountId));
  const { rows } = await books.db.query<{ order_id: string; state: string; amount: bigint }>(
    'SELECT order_id, state, amount FROM hold WHERE order_id = ANY($1::uuid[])',
    [orders],
  );
  const holds = rows.map(({ order_id, state, amount }) => `${orders.indexOf(order_id)} ${state} ${amount}`).toSorted();
  return { outcomes, balances, holds };
}

describe('placeHolds and placeInTurn', () => {
  it('have the same outcomes, balances and holds for any groups', async () => {
    await fc.assert(
      fc.asyncProperty(groups, async (drafts) => {
        expect(await outcomesOf(placeHolds, drafts)).toEqual(await outcomesOf(placeInTurn, drafts));
      }),
      { numRuns: 40 },
    );
  });
});

describe('placeHolds beside another replica', () => {
  it('gives an order id one hold when the other one stores it while it waits', async () => {
    const accountId = await books.addAccount({ cash: 1_000_000_000n });
    const item = request({ accountId });
    let mine: ReturnType<typeof placeHolds> | undefined;
    // The other one has the balance, and has not stored the hold yet.
    const slow = interrupted(books.openAnother(), 'FOR UPDATE OF balance', async () => {
      mine = placeHolds(books.db, [item], Date.now());
      await books.untilWaiting(1);
    });
    expect(await placeInTurn(slow, [item], Date.now())).toEqual([undefined]);
    expect(await mine).toEqual([undefined]);
    expect(await books.balancesOf(accountId)).toEqual(['USD 989980000/10020000']);
  });

  it('gives an order id one hold when the other one stores it for another account', async () => {
    const [one, other] = [
      await books.addAccount({ cash: 1_000_000_000n }),
      await books.addAccount({ cash: 1_000_000_000n }),
    ];
    const orderId = uuidV7();
    let mine: ReturnType<typeof placeHolds> | undefined;
    const slow = interrupted(books.openAnother(), 'INSERT INTO hold', async () => {
      mine = placeHolds(books.db, [request({ accountId: one, orderId }), request({ accountId: one })], Date.now());
      await books.untilWaiting(1);
    });
    expect(await placeInTurn(slow, [request({ accountId: other, orderId })], Date.now())).toEqual([undefined]);
    expect((await mine)?.map((refusal) => refusal?.reason)).toEqual(['key-reused', undefined]);
    expect(await books.balancesOf(one)).toEqual(['USD 989980000/10020000']);
    expect(await books.balancesOf(other)).toEqual(['USD 989980000/10020000']);
  });

  it('decides by what the other one has left, not by what was there when the statement began', async () => {
    const accountId = await books.addAccount({ cash: 15_000_000n });
    let mine: ReturnType<typeof placeHolds> | undefined;
    const slow = interrupted(books.openAnother(), 'FOR UPDATE OF balance', async () => {
      mine = placeHolds(books.db, [request({ accountId })], Date.now());
      await books.untilWaiting(1);
    });
    await placeInTurn(slow, [request({ accountId })], Date.now());
    expect((await mine)?.[0]?.reason).toBe('cash-insufficient');
    expect(await books.balancesOf(accountId)).toEqual(['USD 4980000/10020000']);
  });

  it('takes nothing for an order that is released while it waits', async () => {
    const accountId = await books.addAccount({ cash: 1_000_000_000n });
    const [earlier, item] = [request({ accountId }), request({ accountId })];
    await placeHolds(books.db, [earlier], Date.now());
    let mine: ReturnType<typeof placeHolds> | undefined;
    const slow = interrupted(books.openAnother(), 'FOR UPDATE OF balance', async () => {
      mine = placeHolds(books.db, [item], Date.now());
      await books.untilWaiting(1);
    });
    await releaseHolds(slow, [earlier.orderId, item.orderId], Date.now());
    expect((await mine)?.[0]?.reason).toBe('hold-closed');
    expect(await books.balancesOf(accountId)).toEqual(['USD 1000000000/0']);
  });

  it('waits for no one in a circle when groups name the same accounts in any order', async () => {
    const accounts: string[] = [];
    for (let i = 0; i < 6; i += 1) accounts.push(await books.addAccount({ cash: 10_000_000_000n }));
    const replicas = [counted(books.db), counted(books.openAnother())];
    const run = Array.from({ length: 60 }, (_, index) => {
      const order = index % 2 === 0 ? accounts : accounts.toReversed();
      const group = order.map((accountId) => request({ accountId }));
      return placeHolds(replicas[index % 2]?.db ?? books.db, group, Date.now());
    });
    expect((await Promise.all(run)).flat().every((refusal) => refusal === undefined)).toBe(true);
    for (const accountId of accounts) expect(await books.balancesOf(accountId)).toEqual(['USD 9398800000/601200000']);
    // A deadlock would have sent its group the other way.
    expect(replicas.map(({ counts }) => counts)).toEqual(replicas.map(() => ({ statements: 30, transactions: 0 })));
  });
});
