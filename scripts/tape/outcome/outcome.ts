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

/** A list that is read page by page; `name` begins each of its lines. */
type Section = { kind: keyof OutcomeCounts; name: string; call: Call; method: string; request: JsonObject };

/** First pages that are under way beside the one that is written. */
const aheadMax = 8;

/**
 * Writes a line of JSON for each trade and candle of the symbols, then for each fill and the portfolio of both accounts, without what is made by
 * chance. Rejects with the gateway's errors and the file system's. Memory: some pages.
 */
export async function writeOutcome({ path, ...options }: OutcomeOptions): Promise<OutcomeCounts> {
  const counts: OutcomeCounts = { trades: 0, candles: 0, fills: 0, portfolios: 0 };
  async function* lines() {
    const sections = sectionsOf(options);
    const first: Promise<JsonObject>[] = [];
    for (const [index, section] of sections.entries()) {
      for (const next of sections.slice(first.length, index + aheadMax)) {
        const page = next.call(next.method, next.request);
        // It is reported when its turn comes.
        page.catch(() => {});
        first.push(page);
      }
      for await (const row of rowsOf(section, await (first[index] as Promise<JsonObject>))) {
        counts[section.kind] += 1;
        yield `${JSON.stringify([section.name, row], (key, field) => (byChance.has(key) ? undefined : field))}\n`;
      }
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
  return counts;
}

function sectionsOf({ market, accounts, symbols }: Omit<OutcomeOptions, 'path'>): Section[] {
  const all = { oldestFirst: true };
  const prices = symbols.flatMap((symbol): Section[] => {
    const common = { name: symbol, call: market };
    const request = { ...all, symbol, pageSize: 500 };
    return [
      { ...common, kind: 'trades', method: `${marketService}/ListTrades`, request },
      ...intervals.map(
        (interval): Section => ({
          ...{ ...common, kind: 'candles', method: `${marketService}/ListCandles` },
          request: { ...request, interval },
        }),
      ),
    ];
  });
  const ofAccounts = Object.entries(accounts).flatMap(([name, call]): Section[] => [
    ...symbols.map(
      (symbol): Section => ({
        ...{ kind: 'fills', name, call, method: 'outcry.order.v1.OrderService/ListFills' },
        request: { ...all, symbol, pageSize: 200 },
      }),
    ),
    { kind: 'portfolios', name, call, method: 'outcry.portfolio.v1.PortfolioService/GetPortfolio', request: {} },
  ]);
  return [...prices, ...ofAccounts];
}

async function* rowsOf({ kind, call, method, request }: Section, first: JsonObject): AsyncGenerator<unknown> {
  if (kind === 'portfolios') {
    yield first.portfolio;
    return;
  }
  for (let page = first; ; ) {
    yield* (page[kind] ?? []) as unknown[];
    const pageToken = String(page.nextPageToken ?? '');
    if (pageToken === '') return;
    page = await call(method, { ...request, pageToken });
  }
}
