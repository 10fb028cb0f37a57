import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { MarketService, Quote } from '#gen/outcry/market/v1/market_pb.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { PRICE_SCALE, parseDecimal } from '#platform/money/decimal.ts';
import type { RpcClient } from '#platform/rpc/client.ts';

const symbolsPerCall = 100;
const timeoutMs = 2_000;

/**
 * The last prices of the symbols, in calls of a hundred. A symbol that the market does not list, or that never traded, is left
 * out. Rejects with UNAVAILABLE or DEADLINE_EXCEEDED when the market cannot be reached: a portfolio without prices would
 * look like one that is worth nothing.
 */
export async function fetchPrices(
  market: Pick<RpcClient<typeof MarketService>, 'listQuotes'>,
  symbols: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, bigint>> {
  const prices = new Map<string, bigint>();
  const fetchRun = async (run: readonly string[]): Promise<void> => {
    if (run.length === 0) return;
    try {
      const { quotes } = await market.listQuotes({ symbols: [...run] }, { signal, timeoutMs });
      for (const quote of quotes) {
        const price = lastPriceOf(quote);
        if (price !== undefined) prices.set(quote.symbol, price);
      }
    } catch (error) {
      if (!isUnknownSymbol(error)) throw error;
      if (run.length === 1) return;
      // The market refuses the whole call for one symbol that it does not list; halving finds it.
      const middle = run.length >> 1;
      await fetchRun(run.slice(0, middle));
      await fetchRun(run.slice(middle));
    }
  };
  for (let start = 0; start < symbols.length; start += symbolsPerCall) {
    await fetchRun(symbols.slice(start, start + symbolsPerCall));
  }
  return prices;
}

/** The last trade's price in millionths of the currency; undefined when there was no trade. */
export function lastPriceOf(quote: Quote): bigint | undefined {
  return quote.lastPrice === '' ? undefined : parseDecimal(quote.lastPrice, PRICE_SCALE, { min: 0n });
}

/** Whether the market refused a call because it does not list a symbol. */
export function isUnknownSymbol(error: unknown): boolean {
  return error instanceof OutcryError && error.reason === ErrorReason.SYMBOL_UNKNOWN;
}
