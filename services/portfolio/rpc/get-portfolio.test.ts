import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { share, startSurroundings, type TestReplica, type TestSurroundings } from '../testing/start-portfolio.ts';

describe('getPortfolio and listRealizedGains', () => {
  let around: TestSurroundings;
  let replica: TestReplica;
  beforeAll(async () => {
    around = await startSurroundings({ ACME: '12.50', IDLE: '' });
    replica = await around.startReplica();
  });
  afterAll(async () => {
    await replica?.[Symbol.asyncDispose]();
    await around?.[Symbol.asyncDispose]();
  });

  const portfolioAt = async (userToken: string, sequence: bigint, accountId = '') =>
    eventually(async () => {
      const { portfolio } = await replica.portfolio.getPortfolio({ accountId }, { userToken });
      expect(portfolio?.ledgerSequence).toBeGreaterThanOrEqual(sequence);
      return portfolio;
    });

  it('has positions at average cost with fees, valued at the last price, and gains of sales', async () => {
    const { ledger } = around;
    const buyer = await around.newAccount();
    const seller = await around.newAccount();
    ledger.cash(buyer.accountId, 1_000_000_000n);
    ledger.issue(seller.accountId, 'ACME', 100n * share);
    const trade = { symbol: 'ACME', buyer: buyer.accountId, seller: seller.accountId };
    ledger.trade({
      ...trade,
      quantityMicros: 10n * share,
      valueMicros: 100_000_000n,
      buyerFeeMicros: 50_000n,
      sellerFeeMicros: 20_000n,
    });
    const back = { symbol: 'ACME', buyer: seller.accountId, seller: buyer.accountId };
    const head = ledger.trade({
      ...back,
      quantityMicros: 4n * share,
      valueMicros: 44_000_000n,
      sellerFeeMicros: 30_000n,
    });

    const portfolio = await portfolioAt(buyer.userToken, head);
    expect(portfolio).toMatchObject({
      accountId: buyer.accountId,
      cash: '943.92',
      marketValue: '75.00',
      equity: '1018.92',
      unrealizedPnl: '14.97',
      realizedPnl: '3.95',
      positions: [
        {
          symbol: 'ACME',
          quantity: '6',
          averageCost: '10.005',
          cost: '60.03',
          lastPrice: '12.50',
          marketValue: '75.00',
          unrealizedPnl: '14.97',
          realizedPnl: '3.95',
        },
      ],
    });
    const { gains } = await replica.portfolio.listRealizedGains({}, { userToken: buyer.userToken });
    expect(gains).toMatchObject([
      { symbol: 'ACME', quantity: '4', proceeds: '43.97', cost: '40.02', gain: '3.95', tradeId: `trade-${head}` },
    ]);
  });

  it('leaves values empty where there was no trade yet or the market lists no such symbol', async () => {
    const owner = await around.newAccount();
    around.ledger.issue(owner.accountId, 'IDLE', share);
    const head = around.ledger.issue(owner.accountId, 'UNLISTED', share);
    const portfolio = await portfolioAt(owner.userToken, head);
    expect(portfolio?.positions).toMatchObject([
      { symbol: 'IDLE', lastPrice: '', marketValue: '', unrealizedPnl: '' },
      { symbol: 'UNLISTED', lastPrice: '', marketValue: '' },
    ]);
    expect(portfolio?.equity).toBe('0.00');
  });

  it('is empty for an account that owns nothing, and pages gains newest first', async () => {
    const { ledger } = around;
    const newcomer = await around.newAccount();
    expect(await portfolioAt(newcomer.userToken, 0n)).toMatchObject({ cash: '0.00', equity: '0.00', positions: [] });
    const seller = await around.newAccount();
    ledger.issue(seller.accountId, 'ACME', 10n * share);
    const trade = { symbol: 'ACME', buyer: newcomer.accountId, seller: seller.accountId };
    for (let count = 0; count < 5; count += 1)
      ledger.trade({ ...trade, quantityMicros: share, valueMicros: 1_000_000n });
    await portfolioAt(seller.userToken, ledger.head());
    const ids: string[] = [];
    let pageToken = '';
    do {
      const request = { pageSize: 2, pageToken };
      const page = await replica.portfolio.listRealizedGains(request, { userToken: seller.userToken });
      ids.push(...page.gains.map(({ tradeId }) => tradeId));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    const head = Number(ledger.head());
    expect(ids).toEqual([0, 1, 2, 3, 4].map((back) => `trade-${head - back}`));
    const bad = replica.portfolio.listRealizedGains({ pageToken: 'eA' }, { userToken: seller.userToken });
    await expect(bad).rejects.toMatchObject({ reason: ErrorReason.PAGE_TOKEN_INVALID });
  });

  it("shows another's portfolio to staff only", async () => {
    const [owner, other, staff] = [
      await around.newAccount(),
      await around.newAccount(),
      await around.newAccount(['operator']),
    ];
    const head = around.ledger.cash(owner.accountId, 7_000_000n);
    expect(await portfolioAt(staff.userToken, head, owner.accountId)).toMatchObject({ cash: '7.00' });
    const request = { accountId: owner.accountId };
    for (const call of [replica.portfolio.getPortfolio, replica.portfolio.listRealizedGains]) {
      await expect(call(request, { userToken: other.userToken })).rejects.toMatchObject({ code: Code.NOT_FOUND });
    }
  });

  it('refuses to guess values while the market is away', async () => {
    const owner = await around.newAccount();
    const head = around.ledger.issue(owner.accountId, 'ACME', share);
    await portfolioAt(owner.userToken, head);
    await around.market.stop();
    const call = replica.portfolio.getPortfolio({}, { userToken: owner.userToken, timeoutMs: 1_000 });
    await expect(call).rejects.toMatchObject({ code: expect.toSatisfy((code) => [4, 14].includes(code)) });
    await around.market.start();
    await expect(portfolioAt(owner.userToken, head)).resolves.toMatchObject({ marketValue: '12.50' });
  });
});
