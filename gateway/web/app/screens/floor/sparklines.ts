/** The last hour of each symbol as a line, read once a minute while the list has room for it. */
import { signal } from '@preact/signals';
import { CandleInterval } from '#gen/outcry/market/v1/market_pb.ts';
import { timestampOf } from '../../figures/time-text.ts';
import { market } from '../../rpc/clients.ts';
import { nowMs } from '../../store/market-clock.ts';
import { quotedSymbols } from '../../store/quotes.ts';
import { sparkPaths } from './spark-path.ts';

const readEveryMs = 60_000;
const spanMs = 3_600_000;
const pagesMax = 7;

/** Paths by symbol, in a box of 100 by 20. */
export const sparklines = signal<ReadonlyMap<string, string>>(new Map());

/** Reads the lines until what it returns is called. */
export function followSparklines(): () => void {
  const ended = new AbortController();
  const read = async () => {
    const symbols = quotedSymbols.peek().slice(0, 100);
    if (symbols.length === 0 || document.visibilityState === 'hidden') return;
    const candles = await readCandles(symbols, ended.signal).catch(() => undefined);
    if (candles !== undefined) sparklines.value = sparkPaths(candles);
  };
  void read();
  const timer = setInterval(() => void read(), readEveryMs);
  return () => {
    clearInterval(timer);
    ended.abort();
  };
}

async function readCandles(symbols: readonly string[], signal: AbortSignal) {
  const startTime = timestampOf(nowMs.peek() - spanMs);
  const request = { symbols: [...symbols], interval: CandleInterval.CANDLE_INTERVAL_1M, startTime, oldestFirst: true };
  const found = [];
  let pageToken = '';
  for (let page = 0; page < pagesMax; page++) {
    const answer = await market.listCandles({ ...request, pageSize: 1_000, pageToken }, { signal });
    found.push(...answer.candles);
    pageToken = answer.nextPageToken;
    if (pageToken === '') break;
  }
  return found;
}
