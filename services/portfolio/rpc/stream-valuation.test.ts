import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Portfolio, StreamValuationResponse } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { share, startSurroundings, type TestReplica, type TestSurroundings } from '../testing/start-portfolio.ts';

describe('streamValuation', () => {
  let around: TestSurroundings;
  let first: TestReplica;
  let second: TestReplica;
  beforeAll(async () => {
    around = await startSurroundings({ ACME: '10.00', BOLT: '5.00', CORE: '1.00' });
    const times = { heartbeatMs: 400, priceWaitMs: 3_000 };
    first = await around.startReplica(times);
    second = await around.startReplica(times);
  });
  afterAll(async () => {
    await second?.[Symbol.asyncDispose]();
    await first?.[Symbol.asyncDispose]();
    await around?.[Symbol.asyncDispose]();
  });

  /** Reads a stream in the background and collects its messages. */
  function listen(replica: TestReplica, userToken: string) {
    const leaving = new AbortController();
    const messages: StreamValuationResponse[] = [];
    const finished = (async () => {
      for await (const message of replica.portfolio.streamValuation({}, { userToken, signal: leaving.signal })) {
        messages.push(message);
      }
    })().catch((error: unknown) => error);
    const portfolios = () =>
      messages.flatMap(({ message }) => (message.case === 'portfolio' ? [message.value] : ([] as Portfolio[])));
    return {
      messages,
      finished,
      portfolios,
      until: (check: (latest: Portfolio | undefined) => void) => eventually(() => check(portfolios().at(-1))),
      async leave() {
        leaving.abort();
        await finished;
      },
    };
  }

  const isIdle = () =>
    eventually(() => {
      for (const { deps } of [first, second]) {
        expect([deps.prices.symbolCount(), deps.prices.streamCount(), deps.quota.count()]).toEqual([0, 0, 0]);
      }
      expect(around.market.streams()).toEqual([]);
    });

  it('subscribes to the held symbols only, follows fills and prices, and frees all with the subscriber', async () => {
    const { ledger, market } = around;
    const [investor, other] = [await around.newAccount(), await around.newAccount()];
    ledger.cash(investor.accountId, 1_000_000_000n);
    ledger.issue(other.accountId, 'ACME', 50n * share);
    ledger.issue(other.accountId, 'BOLT', 50n * share);
    const buy = { symbol: 'ACME', buyer: investor.accountId, seller: other.accountId };
    ledger.trade({ ...buy, quantityMicros: 10n * share, valueMicros: 90_000_000n });
    // One of these replicas consumes the ledger's feed, the other is notified through the database.
    const streams = [listen(first, investor.userToken), listen(second, investor.userToken)];
    for (const stream of streams) await stream.until((latest) => expect(latest?.marketValue).toBe('100.00'));
    expect(market.streams()).toEqual([['ACME'], ['ACME']]);

    market.setPrice('ACME', '11.00');
    market.setPrice('BOLT', '6.00');
    for (const stream of streams) await stream.until((latest) => expect(latest?.unrealizedPnl).toBe('20.00'));
    expect(streams[0]?.portfolios().every(({ positions }) => positions.length <= 1)).toBe(true);

    ledger.trade({ ...buy, symbol: 'BOLT', quantityMicros: share, valueMicros: 5_000_000n });
    for (const stream of streams) {
      await stream.until((latest) =>
        expect(latest).toMatchObject({ cash: '905.00', equity: '1021.00', positions: [{}, { symbol: 'BOLT' }] }),
      );
    }
    // No message was sent in which the new share had no price yet.
    expect(streams.flatMap((stream) => stream.portfolios()).some(({ equity }) => equity === '1015.00')).toBe(false);

    const sell = { symbol: 'ACME', buyer: other.accountId, seller: investor.accountId };
    ledger.trade({ ...sell, quantityMicros: 10n * share, valueMicros: 110_000_000n });
    for (const stream of streams) await stream.until((latest) => expect(latest?.realizedPnl).toBe('20.00'));
    await eventually(() => expect(market.streams()).toEqual([['BOLT'], ['BOLT']]));

    for (const stream of streams) await stream.leave();
    await isIdle();
  });

  it('shares one subscription among all who hold a symbol', async () => {
    const owners = await Promise.all(Array.from({ length: 5 }, () => around.newAccount()));
    for (const { accountId } of owners) around.ledger.issue(accountId, 'CORE', share);
    const streams = owners.map(({ userToken }) => listen(first, userToken));
    for (const stream of streams) await stream.until((latest) => expect(latest?.marketValue).toBe('1.00'));
    expect(around.market.streams()).toEqual([['CORE']]);
    for (const stream of streams.slice(1)) await stream.leave();
    around.market.setPrice('CORE', '2.00');
    await streams[0]?.until((latest) => expect(latest?.marketValue).toBe('2.00'));
    await streams[0]?.leave();
    await isIdle();
  });

  it('sends at most four messages a second and always ends with the latest price', async () => {
    const owner = await around.newAccount();
    around.ledger.issue(owner.accountId, 'CORE', share);
    const stream = listen(first, owner.userToken);
    await stream.until((latest) => expect(latest).toBeDefined());
    const sentBefore = stream.portfolios().length;
    const startTimeMs = performance.now();
    for (let cents = 100; cents < 200; cents += 1) {
      around.market.setPrice('CORE', `${cents / 100}`);
      await pause(10);
    }
    await stream.until((latest) => expect(latest?.marketValue).toBe('1.99'));
    // One for every 250 ms that all of it took, however slow the machine is, and one that was on its way before.
    const messagesMax = 2 + (performance.now() - startTimeMs) / 250;
    expect(stream.portfolios().length - sentBefore).toBeLessThanOrEqual(messagesMax);
    await stream.leave();
    await isIdle();
  });

  it('stays open with heartbeats while the market is away, and goes on when it is back', async () => {
    const owner = await around.newAccount();
    around.ledger.issue(owner.accountId, 'CORE', share);
    around.market.setPrice('CORE', '3.00');
    const stream = listen(first, owner.userToken);
    await stream.until((latest) => expect(latest?.marketValue).toBe('3.00'));
    await around.market.stop();
    const heartbeats = () => stream.messages.filter(({ message }) => message.case === 'heartbeat').length;
    await eventually(() => expect(heartbeats()).toBeGreaterThanOrEqual(2));
    around.ledger.cash(owner.accountId, 5_000_000n);
    await stream.until((latest) => expect(latest?.equity).toBe('8.00'));
    around.market.setPrice('CORE', '4.00');
    await around.market.start();
    await stream.until((latest) => expect(latest?.equity).toBe('9.00'));
    await stream.leave();
    await isIdle();
  });

  it('has the prices of all listed symbols beside one that the market does not list', async () => {
    const owner = await around.newAccount();
    around.market.setPrice('CORE', '7.00');
    around.ledger.issue(owner.accountId, 'CORE', share);
    around.ledger.issue(owner.accountId, 'GHOST', share);
    const stream = listen(first, owner.userToken);
    await stream.until((latest) => expect(latest?.marketValue).toBe('7.00'));
    expect(stream.portfolios().at(-1)?.positions).toMatchObject([{ lastPrice: '7.00' }, { lastPrice: '' }]);
    await stream.leave();
    await isIdle();
  });

  it('bounds the streams of one account, and takes another once one has ended', async () => {
    const owner = await around.newAccount();
    const streams = Array.from({ length: 4 }, () => listen(first, owner.userToken));
    for (const stream of streams) await stream.until((latest) => expect(latest).toBeDefined());
    expect(await listen(first, owner.userToken).finished).toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
    await streams.pop()?.leave();
    await eventually(() => expect(first.deps.quota.count()).toBe(3));
    streams.push(listen(first, owner.userToken));
    await streams.at(-1)?.until((latest) => expect(latest).toBeDefined());
    for (const stream of streams) await stream.leave();
    await isIdle();
  });

  it('ends by age with a message that says so', async () => {
    const owner = await around.newAccount();
    await using young = await around.startReplica({ ageMaxMs: 500 });
    const stream = listen(young, owner.userToken);
    expect(await stream.finished).toBeUndefined();
    expect(stream.messages.at(-1)?.message.case).toBe('end');
    await eventually(() => expect(young.deps.quota.count()).toBe(0));
  });
});
