import { describe, expect, it } from 'vitest';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { books, follow, level } from '../testing/events.ts';
import { createMarketView } from './market-view.ts';
import { measureView } from './measure-view.ts';

describe('measureView', () => {
  it('counts books by their sides, and has quantiles of spreads without a series for each symbol', async () => {
    const view = createMarketView({ onListed: () => {} });
    view.rebuild(0, books(10, ['A', 'B', 'C', 'D']));
    view.apply(0, follow(11, [level('A', Side.BUY, 99, 5), level('A', Side.SELL, 101, 2)]));
    view.apply(0, follow(13, [level('B', Side.BUY, 90, 5), level('B', Side.SELL, 110, 2), level('C', Side.BUY, 1, 1)]));
    const metrics = createMetrics('market');
    measureView(metrics, view, [0]).noteConflated(3);
    const text = await metrics.registry.metrics();
    const rows = text.split('\n').filter((row) => !row.startsWith('#') && row !== '');
    expect(rows.map((row) => row.replace(/,?service_name="market"/, ''))).toEqual([
      'outcry_market_feed_sequence{shard="0"} 15',
      'outcry_market_books{sides="both"} 2',
      'outcry_market_books{sides="one"} 1',
      'outcry_market_books{sides="none"} 1',
      'outcry_market_spread_ratio{quantile="0.5"} 0.02',
      'outcry_market_spread_ratio{quantile="0.9"} 0.2',
      'outcry_market_spread_ratio{quantile="1"} 0.2',
      'outcry_market_stream_messages_conflated_total{} 3',
    ]);
  });
});
