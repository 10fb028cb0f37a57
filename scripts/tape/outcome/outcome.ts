/** What a tape led to, as a file that is the same for the same: to be compared byte by byte. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { JsonObject } from '../../../supervisor/index.ts';
import type { Trader } from '../play/plan.ts';
import type { Call } from '../session.ts';

/** Whose outcome: `market` needs no account, the others are those of the tape. */
export type OutcomeOptions = {
  path: string;
  market: Call;
  accounts: Record<Trader, Call>;
  symbols: readonly string[];
};

/** How many lines of each kind the file has. */
export type OutcomeCounts = { trades: number; candles: number; fills: number; portfolios: number };

const intervals = ['1S', '1M', '5M', '1H', '1D'].map((length) => `CANDLE_INTERVAL_${length}`);
/** Made by chance, or by what else a system does. */
const byChance: ReadonlySet<string> = new Set([
  ...['tradeId', 'orderId', 'fillId', 'accountId', 'sequence', 'ledgerSequence', 'changeSequence'],
]);
const marketService = 'outcry.market.v1.MarketService';

/**
 * Writes a line of JSON for each trade and candle of the symbols, then for each fill and the portfolio of both accounts, without what is made by
 * chance. Rejects with the gateway's errors and the file system's. Memory: a page.
 */
export async function writeOutcome({ path, market, accounts, symbols }: OutcomeOptions): Promise<OutcomeCounts> {
  const counts: OutcomeCounts = { trades: 0, candles: 0, fills: 0, portfolios: 0 };
  async function* lines() {
    const all = { oldestFirst: true };
    for (const symbol of symbols) {
      yield* rows('trades', market, `${marketService}/ListTrades`, { ...all, symbol, pageSize: 500 });
      for (const interval of intervals) {
        yield* rows('candles', market, `${marketService}/ListCandles`, { ...all, symbol, interval, pageSize: 500 });
      }
    }
    for (const [trader, call] of Object.entries(accounts)) {
      for (const symbol of symbols) {
        const request = { ...all, symbol, pageSize: 200 };
        yield* rows('fills', call, 'outcry.order.v1.OrderService/ListFills', request, trader);
      }
      counts.portfolios += 1;
      yield lineOf(trader, (await call('outcry.portfolio.v1.PortfolioService/GetPortfolio', {})).portfolio);
    }
  }
  async function* rows(
    kind: keyof OutcomeCounts,
    call: Call,
    method: string,
    request: JsonObject,
    name: string = kind,
  ) {
    let pageToken = '';
    do {
      const page = await call(method, { ...request, pageToken });
      for (const row of (page[kind] ?? []) as unknown[]) {
        counts[kind] += 1;
        yield lineOf(name, row);
      }
      pageToken = String(page.nextPageToken ?? '');
    } while (pageToken !== '');
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
  return counts;
}

function lineOf(name: string, value: unknown): string {
  return `${JSON.stringify([name, value], (key, field) => (byChance.has(key) ? undefined : field))}\n`;
}
