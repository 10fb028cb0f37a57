/** What was traded of a symbol in a time. */
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { CandleInterval, type MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { TradedVolume } from '../domain/slice-sizes.ts';
import type { CandleRange } from '../domain/slice-times.ts';

const timeoutMs = 3_000;
/** More than a range has candles. */
const pageSize = 1_000;
const minuteMs = 60_000;

/** Reads the market's candles that begin in the range: of a second, or of whole minutes. Throws UNAVAILABLE while the market does not answer. */
export async function readVolumes(
  market: Pick<RpcClient<typeof MarketService>, 'listCandles'>,
  symbol: string,
  { fromMs, untilMs, candleMs }: CandleRange,
): Promise<TradedVolume[]> {
  if (fromMs >= untilMs) return [];
  const isBySecond = candleMs < minuteMs;
  const { candles } = await market.listCandles(
    {
      symbol,
      interval: isBySecond ? CandleInterval.CANDLE_INTERVAL_1S : CandleInterval.CANDLE_INTERVAL_1M,
      multiple: isBySecond ? 1 : candleMs / minuteMs,
      pageSize,
      startTime: timestampFromMs(fromMs),
      endTime: timestampFromMs(untilMs),
    },
    { timeoutMs },
  );
  return candles.map(({ startTime, volume }) => {
    const startMs = startTime === undefined ? fromMs : timestampMs(startTime);
    return { fromMs: startMs, untilMs: startMs + candleMs, micros: parseDecimal(volume, QUANTITY_SCALE) };
  });
}
