/** Reads what the equity curve is made of. */
import { CandleInterval } from '#gen/outcry/market/v1/market_pb.ts';
import { millisOf } from '../../figures/time-text.ts';
import { ledger, market } from '../../rpc/clients.ts';
import { protoTime } from '../money/read-statement.ts';
import { type EquityPoint, equityCurve, evenTimes, type Movement, type PastPrice } from './equity-curve.ts';

/** How far back the curve goes. */
export const spans = [
  { value: 'hour', text: 'Hour', ms: 3_600_000, interval: CandleInterval.CANDLE_INTERVAL_1M },
  { value: 'day', text: 'Day', ms: 86_400_000, interval: CandleInterval.CANDLE_INTERVAL_5M },
  { value: 'week', text: 'Week', ms: 7 * 86_400_000, interval: CandleInterval.CANDLE_INTERVAL_1H },
  { value: 'month', text: 'Month', ms: 30 * 86_400_000, interval: CandleInterval.CANDLE_INTERVAL_1H },
] as const;

/** The name of a span. */
export type SpanName = (typeof spans)[number]['value'];

const pointsCount = 120;
const pagesMax = 10;
const symbolsMax = 100;

/** The curve of a span that ends now. Movements beyond 2,000, and symbols beyond 100, shorten it. */
export async function readEquity(name: SpanName, nowMs: number, signal: AbortSignal): Promise<EquityPoint[]> {
  const span = spans.find(({ value }) => value === name) ?? spans[1];
  const balances = await ledger.getBalances({}, { signal });
  const { movements, oldestMs } = await readMovements(nowMs - span.ms, signal);
  const currency = balances.cash?.asset ?? 'USD';
  const owned = new Map([balances.cash, ...balances.shares].flatMap((one) => (one ? [[one.asset, one.total]] : [])));
  const symbols = new Set([...owned.keys(), ...movements.map(({ asset }) => asset)]);
  symbols.delete(currency);
  const times = evenTimes(Math.max(nowMs - span.ms, oldestMs), nowMs, pointsCount);
  const prices = await readPrices([...symbols].slice(0, symbolsMax), span, nowMs, signal);
  return equityCurve({ currency, balances: owned, movements, prices, times });
}

async function readMovements(
  fromMs: number,
  signal: AbortSignal,
): Promise<{ movements: Movement[]; oldestMs: number }> {
  const movements: Movement[] = [];
  const fromTime = protoTime(fromMs);
  let pageToken = '';
  for (let page = 0; page < pagesMax; page++) {
    const answer = await ledger.listStatement({ pageSize: 200, pageToken, ...(fromTime && { fromTime }) }, { signal });
    for (const { time, asset, amount } of answer.entries)
      movements.push({ timeMs: millisOf(time) ?? 0, asset, amount });
    pageToken = answer.nextPageToken;
    if (pageToken === '') return { movements, oldestMs: fromMs };
  }
  return { movements, oldestMs: movements.at(-1)?.timeMs ?? fromMs };
}

async function readPrices(
  symbols: string[],
  span: (typeof spans)[number],
  nowMs: number,
  signal: AbortSignal,
): Promise<PastPrice[]> {
  if (symbols.length === 0) return [];
  const prices: PastPrice[] = [];
  // One span more, for prices that were the last before it.
  const startTime = protoTime(nowMs - 2 * span.ms);
  let pageToken = '';
  for (let page = 0; page < pagesMax; page++) {
    const request = { symbols, interval: span.interval, pageSize: 1_000, pageToken, ...(startTime && { startTime }) };
    const answer = await market.listCandles(request, { signal });
    for (const candle of answer.candles) {
      const timeMs = millisOf(candle.startTime) ?? 0;
      prices.push(
        { symbol: candle.symbol, timeMs, price: candle.open },
        closeOf(candle.symbol, candle.close, timeMs, span),
      );
    }
    pageToken = answer.nextPageToken;
    if (pageToken === '') break;
  }
  return prices;
}

const intervalMs: Partial<Record<CandleInterval, number>> = {
  [CandleInterval.CANDLE_INTERVAL_1M]: 60_000,
  [CandleInterval.CANDLE_INTERVAL_5M]: 300_000,
  [CandleInterval.CANDLE_INTERVAL_1H]: 3_600_000,
};

// The close holds from the last moment of its interval on.
function closeOf(symbol: string, price: string, startMs: number, { interval }: (typeof spans)[number]): PastPrice {
  return { symbol, price, timeMs: startMs + (intervalMs[interval] ?? 60_000) - 1 };
}
