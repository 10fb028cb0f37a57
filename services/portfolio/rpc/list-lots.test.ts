import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { LotMethod } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { share, startSurroundings, type TestReplica, type TestSurroundings } from '../testing/start-portfolio.ts';

/** Expects each of the calls to be refused so: all at once, as one that is refused before it is looked at would be an error outside of tests. */
const allRefused = (calls: readonly Promise<unknown>[], error: object) =>
  Promise.all(calls.map((call) => expect(call).rejects.toMatchObject(error)));

describe('listLots, listLotSales and the method of lots', () => {
  let around: TestSurroundings;
  let replica: TestReplica;
  beforeAll(async () => {
    around = await startSurroundings({ ACME: '12.50' });
    replica = await around.startReplica();
  });
  afterAll(async () => {
    await replica?.[Symbol.asyncDispose]();
    await around?.[Symbol.asyncDispose]();
  });

  type Investor = Awaited<ReturnType<TestSurroundings['newAccount']>>;

  const lotsAt = (userToken: string, sequence: bigint, symbol = 'ACME') =>
    eventually(async () => {
      const answer = await replica.portfolio.listLots({ symbol }, { userToken });
      expect(answer.ledgerSequence).toBeGreaterThanOrEqual(sequence);
      return answer;
    });

  /** Buys a share for each price, then sells one and a half for 30.00 less a fee of 0.03. */
  const buyAndSell = ({ accountId }: Investor, maker: string, dollars: bigint[]) => {
    const { ledger } = around;
    ledger.issue(maker, 'ACME', 100n * share);
    for (const price of dollars) {
      const trade = { symbol: 'ACME', buyer: accountId, seller: maker, quantityMicros: share };
      ledger.trade({ ...trade, valueMicros: price * 1_000_000n, buyerFeeMicros: 10_000n });
    }
    const sale = { symbol: 'ACME', buyer: maker, seller: accountId, quantityMicros: (3n * share) / 2n };
    return ledger.trade({ ...sale, valueMicros: 30_000_000n, sellerFeeMicros: 30_000n });
  };

  it('show what each purchase has left and what sales took from it, by first in, first out unless another is chosen', async () => {
    const investor = await around.newAccount();
    const { accountId: maker } = await around.newAccount();
    const { userToken } = investor;
    const head = buyAndSell(investor, maker, [10n, 14n, 12n]);
    const { lots, total } = await lotsAt(userToken, head);
    expect(lots).toMatchObject([
      { lotId: head - 2n, quantity: '0.5', cost: '7.005', unitCost: '14.01', boughtQuantity: '1', boughtCost: '14.01' },
      { lotId: head - 1n, quantity: '1', cost: '12.01', purchaseCount: 1n },
    ]);
    // Bought for 36.03, sold for 29.97: cost less gain is 6.06, as by average cost.
    expect(total).toMatchObject({ quantity: '1.5', cost: '19.015', realizedPnl: '12.955' });
    const { sales } = await replica.portfolio.listLotSales({}, { userToken });
    expect(sales).toMatchObject([
      { tradeId: `trade-${head}`, lotId: head - 2n, quantity: '0.5', proceeds: '9.99', cost: '7.005', gain: '2.985' },
      { tradeId: `trade-${head}`, lotId: head - 3n, quantity: '1', proceeds: '19.98', cost: '10.01', gain: '9.97' },
    ]);
    expect(sales.every((sale) => (sale.saleTime?.seconds ?? 0n) >= (sale.acquireTime?.seconds ?? 1n))).toBe(true);

    const { portfolio } = await replica.portfolio.getPortfolio({}, { userToken });
    const sequence = portfolio?.ledgerSequence ?? 0n;
    const set = await replica.portfolio.setLotMethod({ method: LotMethod.HIFO }, { userToken });
    expect(set.afterLedgerSequence).toBeGreaterThanOrEqual(sequence);
    expect(await replica.portfolio.getLotMethod({}, { userToken })).toMatchObject({
      method: LotMethod.HIFO,
      afterLedgerSequence: set.afterLedgerSequence,
    });
    const next = buyAndSell(investor, maker, [20n, 11n]);
    await lotsAt(userToken, next);
    const after = await replica.portfolio.listLotSales({ symbol: 'ACME', pageSize: 2 }, { userToken });
    expect(after.sales.map(({ cost }) => cost)).toEqual(['7.005', '20.01']);
  });

  it('page without a row twice, and refuse the token of another list', async () => {
    const investor = await around.newAccount();
    const { accountId: maker } = await around.newAccount();
    const { userToken } = investor;
    const head = buyAndSell(investor, maker, [1n, 2n, 3n, 4n, 5n, 6n]);
    await lotsAt(userToken, head);
    const read = async (list: 'listLots' | 'listLotSales') => {
      const ids: bigint[] = [];
      for (let pageToken = ''; ; ) {
        const page = await replica.portfolio[list]({ pageSize: 1, pageToken }, { userToken });
        ids.push(...('lots' in page ? page.lots : page.sales).map(({ lotId }) => lotId));
        pageToken = page.nextPageToken;
        if (pageToken === '') return ids;
      }
    };
    expect(await read('listLots')).toEqual([5n, 4n, 3n, 2n, 1n].map((back) => head - back));
    expect(await read('listLotSales')).toEqual([head - 5n, head - 6n]);
    const { nextPageToken } = await replica.portfolio.listLots({ pageSize: 1 }, { userToken });
    await allRefused(
      [
        replica.portfolio.listLots({ symbol: 'ACME', pageToken: nextPageToken }, { userToken }),
        replica.portfolio.listLotSales({ pageToken: nextPageToken }, { userToken }),
      ],
      { reason: ErrorReason.PAGE_TOKEN_INVALID },
    );
  });

  it("are another's for staff only, and refuse what is no symbol, method or page size", async () => {
    const [owner, other, staff] = [
      await around.newAccount(),
      await around.newAccount(),
      await around.newAccount(['operator']),
    ];
    const { portfolio } = replica;
    const request = { accountId: owner.accountId };
    for (const call of [portfolio.listLots, portfolio.listLotSales, portfolio.getLotMethod]) {
      await expect(call(request, { userToken: other.userToken })).rejects.toMatchObject({ code: Code.NOT_FOUND });
      await expect(call(request, { userToken: staff.userToken })).resolves.toBeDefined();
    }
    const { userToken } = owner;
    await allRefused(
      [
        portfolio.listLots({ symbol: 'acme' }, { userToken }),
        portfolio.listLots({ pageSize: 201 }, { userToken }),
        portfolio.listLotSales({ symbol: "';--" }, { userToken }),
        portfolio.setLotMethod({}, { userToken }),
        portfolio.setLotMethod({ method: 9 as LotMethod }, { userToken }),
      ],
      { code: Code.INVALID_ARGUMENT },
    );
    expect(await portfolio.getLotMethod({}, { userToken })).toMatchObject({
      method: LotMethod.FIFO,
      afterLedgerSequence: 0n,
    });
  });
});
