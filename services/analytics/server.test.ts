import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AnalyticsService,
  IndicatorKind,
  MoverRanking,
  type StreamIndicatorResponse,
  type StreamIndicatorsResponse,
  type StreamMoversResponse,
} from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { createRpcClient, type RpcClient } from '#platform/rpc/client.ts';
import { defaultStreamTimes } from '#platform/stream/serve-stream.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { openTestApp, type TestApp } from '#platform/testing/service-app.ts';
import { createTestIdentity } from '#platform/testing/tokens.ts';
import { needs } from './needs.ts';
import { createAnalyticsService } from './server.ts';
import { type FakeMarket, startFakeMarket } from './testing/fake-market.ts';

let market: FakeMarket;
let apps: TestApp[];
let clients: RpcClient<typeof AnalyticsService>[];
let analytics: RpcClient<typeof AnalyticsService>;

async function startReplica(): Promise<{ app: TestApp; client: RpcClient<typeof AnalyticsService> }> {
  const { authenticator } = await createTestIdentity();
  const app = await openTestApp(needs, { addresses: { market: market.address }, authenticator });
  const streamTimes = { ...defaultStreamTimes, heartbeatMs: 200 };
  const { port } = await createAnalyticsService(app, { streamTimes });
  const client = createRpcClient(AnalyticsService, { address: `ipv4:127.0.0.1:${port}`, serviceToken: undefined });
  return { app, client };
}

beforeAll(async () => {
  market = await startFakeMarket(['ACME', 'BOLT', 'CIRR', 'DELV']);
  market.quote({ symbol: 'ACME', lastPrice: '110', referencePrice: '100', changePercent: '10.00', volume: '5' });
  market.quote({ symbol: 'BOLT', lastPrice: '95', referencePrice: '100', changePercent: '-5.00', volume: '50' });
  market.quote({ symbol: 'CIRR', lastPrice: '15', referencePrice: '10', changePercent: '50.00', volume: '0.5' });
  for (const [minute, close] of ['22', '24', '26', '28', '20'].entries()) market.candleInHistory('ACME', minute, close);
  const replicas = await Promise.all([startReplica(), startReplica()]);
  apps = replicas.map(({ app }) => app);
  clients = replicas.map(({ client }) => client);
  analytics = clients[0] as RpcClient<typeof AnalyticsService>;
  await eventually(() => expect(apps.map(({ health }) => health.check(''))).toEqual(['serving', 'serving']));
});
afterAll(async () => {
  for (const client of clients ?? []) await client[Symbol.asyncDispose]();
  await Promise.all((apps ?? []).map((app) => app.shutdown()));
  await market?.[Symbol.asyncDispose]();
});

describe('createAnalyticsService', () => {
  it('ranks gainers, losers and most active, page by page', async () => {
    const gainers = await analytics.listMovers({});
    expect(gainers.list).toMatchObject({ ranking: MoverRanking.GAINERS });
    expect(gainers.list?.movers).toMatchObject([
      { rank: 1, symbol: 'CIRR', name: 'CIRR Corp', changePercent: '50.00', lastPrice: '15', referencePrice: '10' },
      { rank: 2, symbol: 'ACME' },
    ]);
    const losers = await analytics.listMovers({ ranking: MoverRanking.LOSERS });
    expect(losers.list?.movers.map(({ symbol }) => symbol)).toEqual(['BOLT']);
    const ranking = MoverRanking.MOST_ACTIVE;
    const first = await analytics.listMovers({ ranking, pageSize: 2 });
    const second = await analytics.listMovers({ ranking, pageSize: 2, pageToken: first.nextPageToken });
    expect([first, second].flatMap(({ list }) => list?.movers ?? [])).toMatchObject([
      { rank: 1, symbol: 'BOLT' },
      { rank: 2, symbol: 'ACME' },
      { rank: 3, symbol: 'CIRR' },
    ]);
    expect(second.nextPageToken).toBe('');
  });

  it('computes moving averages of the market’s candles, the same on every replica', async () => {
    for (const client of clients) {
      const ema = await client.getIndicator({ symbol: 'ACME', kind: IndicatorKind.EMA, length: 3, pointCount: 5 });
      expect(ema.points.map(({ value }) => value)).toEqual(['23.00', '26.00', '24.00']);
      const sma = await client.getIndicator({ symbol: 'ACME', length: 3 });
      expect(sma).toMatchObject({ kind: IndicatorKind.SMA, points: [{ close: '20.00', value: '24.666667' }] });
    }
    const short = await analytics.getIndicator({ symbol: 'ACME', length: 6 });
    expect(short.points).toEqual([]);
  });

  it('streams the average at once and whenever its candle changes, with heartbeats in silence', async () => {
    const received: StreamIndicatorResponse[] = [];
    const stop = new AbortController();
    const reading = (async () => {
      const stream = analytics.streamIndicator({ symbol: 'ACME', length: 2 }, { signal: stop.signal });
      for await (const message of stream) received.push(message);
    })().catch(() => {});
    // Heartbeats follow each of them soon.
    const lastPoint = () => received.findLast(({ message }) => message.case === 'point');
    await eventually(() => expect(received[0]?.message).toMatchObject({ case: 'point', value: { value: '24.00' } }));
    await eventually(() => expect(received.at(-1)?.message.case).toBe('heartbeat'));
    await eventually(() => expect(market.candleStreamCount()).toBeGreaterThan(0));
    market.candle('ACME', 5, '30');
    await eventually(() => expect(lastPoint()?.message).toMatchObject({ value: { close: '30.00', value: '25.00' } }));
    market.candle('ACME', 5, '40', 2);
    await eventually(() => expect(lastPoint()?.message).toMatchObject({ value: { close: '40.00', value: '30.00' } }));
    expect(lastPoint()?.epoch).toBe('epoch-1');
    stop.abort();
    await reading;
  });

  it('has several indicators, a row for each candle, the same on every replica', async () => {
    const indicators = [
      { length: 2 },
      { kind: IndicatorKind.BOLLINGER, length: 2 },
      { kind: IndicatorKind.RSI, length: 3 },
    ];
    // Changes of 2, 2 and 2, then -8, then 20: gains smoothed 2, 4/3 and 68/9, losses 0, 8/3 and 16/9.
    for (const client of clients) {
      const answer = await client.getIndicators({ symbol: 'ACME', indicators, rowCount: 3 });
      expect(answer.indicators).toMatchObject([
        { kind: IndicatorKind.SMA, length: 2, fastLength: 0, widthTenths: 0 },
        { kind: IndicatorKind.BOLLINGER, length: 2, widthTenths: 20 },
        { kind: IndicatorKind.RSI, length: 3 },
      ]);
      expect(answer.multiple).toBe(1);
      expect(answer.rows.map(({ values }) => values)).toEqual([
        ['30.00', '30.00', '50.00', '10.00', '80.952381'],
        ['24.00', '24.00', '32.00', '16.00', '33.333333'],
        ['27.00', '27.00', '29.00', '25.00', '100.00'],
      ]);
    }
    const all = await analytics.getIndicators({ symbol: 'ACME', indicators: [{ length: 200 }] });
    expect(all.rows).toHaveLength(6);
    expect(all.rows[0]?.values).toEqual(['']);
  });

  it('streams all rows, then those that changed, those of a candle that ended too', async () => {
    const received: StreamIndicatorsResponse['message'][] = [];
    const stop = new AbortController();
    const reading = (async () => {
      const request = { symbol: 'BOLT', indicators: [{ length: 1 }, { length: 2 }], rowCount: 3 };
      for await (const { message } of analytics.streamIndicators(request, { signal: stop.signal }))
        received.push(message);
    })().catch(() => {});
    const rows = () =>
      received.flatMap((message) =>
        message.case === 'snapshot' || message.case === 'changes'
          ? [[message.case, ...message.value.rows.map(({ values }) => values.join(' '))]]
          : [],
      );
    await eventually(() => expect(rows()).toEqual([['snapshot']]));
    const streams = market.candleStreamCount();
    expect(streams).toBeGreaterThan(0);
    market.candle('BOLT', 0, '10');
    await eventually(() => expect(rows().at(-1)).toEqual(['changes', '10.00 ']));
    market.candle('BOLT', 0, '12', 2);
    market.candle('BOLT', 1, '20');
    await eventually(() => expect(rows().at(-1)?.slice(1, 2)).toEqual(['20.00 16.00']));
    market.candle('BOLT', 0, '14', 3);
    await eventually(() => expect(rows().at(-1)).toEqual(['changes', '20.00 17.00', '14.00 ']));
    await eventually(() => expect(received.at(-1)?.case).toBe('heartbeat'));
    stop.abort();
    await reading;
  });

  it('streams a ranking when it changes and not when a price outside of it moves', async () => {
    const received: StreamMoversResponse[] = [];
    const stop = new AbortController();
    const reading = (async () => {
      const stream = analytics.streamMovers({ ranking: MoverRanking.LOSERS, length: 1 }, { signal: stop.signal });
      for await (const message of stream) received.push(message);
    })().catch(() => {});
    const lists = () =>
      received.flatMap(({ message }) =>
        message.case === 'list' ? [message.value.movers.map((each) => each.symbol)] : [],
      );
    await eventually(() => expect(lists()).toEqual([['BOLT']]));
    market.quote({ symbol: 'ACME', lastPrice: '111', referencePrice: '100', changePercent: '11.00', volume: '6' });
    market.quote({ symbol: 'DELV', lastPrice: '8', referencePrice: '10', changePercent: '-20.00', volume: '6' });
    await eventually(() => expect(lists()).toEqual([['BOLT'], ['DELV']]));
    stop.abort();
    await reading;
  });

  it('gives its last answers while the market is unavailable, and goes on when it is back', async () => {
    await market.stop();
    const { list } = await analytics.listMovers({});
    expect(list?.movers[0]?.symbol).toBe('CIRR');
    await market.start();
    await eventually(async () => {
      market.quote({ symbol: 'BOLT', lastPrice: '300', referencePrice: '100', changePercent: '200.00', volume: '50' });
      const after = await analytics.listMovers({});
      expect(after.list?.movers[0]?.symbol).toBe('BOLT');
    });
  });

  it('refuses unknown symbols and values out of range', async () => {
    const unknown = analytics.getIndicator({ symbol: 'NOPE' });
    await expect(unknown).rejects.toMatchObject({ reason: ErrorReason.SYMBOL_UNKNOWN });
    const odd = [
      analytics.getIndicator({ symbol: 'acme' }),
      analytics.getIndicator({ symbol: 'ACME', length: 201 }),
      analytics.getIndicator({ symbol: 'ACME', pointCount: -1 }),
      analytics.getIndicator({ symbol: 'ACME', kind: 99 as IndicatorKind }),
      analytics.getIndicator({ symbol: 'ACME', kind: IndicatorKind.ATR, length: 101 }),
      analytics.getIndicators({ symbol: 'ACME' }),
      analytics.getIndicators({ symbol: 'ACME', indicators: [{}, {}, {}, {}] }),
      analytics.getIndicators({ symbol: 'ACME', indicators: [{}], rowCount: 601 }),
      analytics.getIndicators({ symbol: 'ACME', indicators: [{}], multiple: 60 }),
      analytics.getIndicators({ symbol: 'ACME', indicators: [{ fastLength: 5 }] }),
      analytics.getIndicators({ symbol: 'ACME', indicators: [{ kind: IndicatorKind.MACD, length: 12 }] }),
      analytics.getIndicators({ symbol: 'ACME', indicators: [{ kind: IndicatorKind.BOLLINGER, widthTenths: 51 }] }),
      analytics.listMovers({ pageSize: 51 }),
    ];
    // All at once: one that is refused before it is looked at would be an error outside of tests.
    await Promise.all(odd.map((call) => expect(call).rejects.toMatchObject({ reason: ErrorReason.INVALID_FIELD })));
    const token = analytics.listMovers({ pageToken: 'AAAA' });
    await expect(token).rejects.toMatchObject({ reason: ErrorReason.PAGE_TOKEN_INVALID });
  });
});
