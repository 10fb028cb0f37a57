import { CandleInterval } from '#gen/outcry/market/v1/market_pb.ts';
import type { OptionSpec } from '../command/command.ts';

/** The lengths of candles by their words. */
export const intervals: Readonly<Record<string, CandleInterval>> = {
  '1s': CandleInterval.CANDLE_INTERVAL_1S,
  '1m': CandleInterval.CANDLE_INTERVAL_1M,
  '5m': CandleInterval.CANDLE_INTERVAL_5M,
  '1h': CandleInterval.CANDLE_INTERVAL_1H,
  '1d': CandleInterval.CANDLE_INTERVAL_1D,
};

/** The option that names one. */
export const intervalOption: OptionSpec = {
  name: 'interval',
  value: 'LENGTH',
  help: 'of its candles (default 1m)',
  choices: Object.keys(intervals),
};
