/** Times at which the shown book did not trade, and begins of sessions, as the chart draws them. */
import { type Auction, AuctionKind } from '#gen/outcry/market/v1/market_pb.ts';
import { millisOf } from '../../figures/time-text.ts';
import type { StateText } from '../../frame/trading-state.ts';
import type { Bar } from './candle-bars.ts';
import type { ChartBand } from './chart-layer.ts';

const kinds: Partial<Record<AuctionKind, string>> = {
  [AuctionKind.REOPENING]: 'halt',
  [AuctionKind.OPENING]: 'closed',
};

/**
 * A band between the last bar before each auction that ended a halt or began a session and the bar in which it traded; and from the last bar on
 * while the book does not trade as orders arrive. The market stores when trading began again, so that a band is exact to one bar.
 */
export function chartBands(
  bars: readonly Bar[],
  auctions: readonly Auction[],
  state: Pick<StateText, 'kind' | 'word'>,
): ChartBand[] {
  const bands = auctions.flatMap(({ kind, time }): ChartBand[] => {
    const text = kinds[kind];
    const seconds = (millisOf(time) ?? 0) / 1_000;
    const after = bars.findLastIndex((bar) => bar.time <= seconds);
    const [before, until] = [bars[after - 1], bars[after]];
    return text === undefined || before === undefined || until === undefined
      ? []
      : [{ from: before.time, until: until.time, text }];
  });
  const last = bars.at(-1);
  if (last !== undefined && state.kind !== 'open') bands.push({ from: last.time, until: undefined, text: state.word });
  return bands;
}
