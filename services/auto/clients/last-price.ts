/** The book of a symbol as a condition needs it when it is armed. */
import type { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { PRICE_SCALE, parseDecimal } from '#platform/money/decimal.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { BookFacts } from '../domain/price-watch.ts';

const timeoutMs = 3_000;

/** Reads them from the market. Throws SYMBOL_UNKNOWN for a symbol that is not listed, UNAVAILABLE while the market does not answer. */
export async function readBookFacts(
  market: Pick<RpcClient<typeof MarketService>, 'getInstrument' | 'listQuotes'>,
  symbol: string,
  signal: AbortSignal,
): Promise<BookFacts> {
  const options = { signal, timeoutMs };
  const [{ instrument }, { quotes }] = await Promise.all([
    market.getInstrument({ symbol }, options),
    market.listQuotes({ symbols: [symbol] }, options),
  ]);
  const quote = quotes.find((each) => each.symbol === symbol);
  const tickMicros = instrument === undefined ? 0n : parseDecimal(instrument.tickSize, PRICE_SCALE);
  // A book that was made this moment has no quote yet.
  if (instrument === undefined || quote === undefined || tickMicros <= 0n) throw unavailable();
  const { sequence, lastPrice } = quote;
  const lastPriceMicros = lastPrice === '' ? undefined : parseDecimal(lastPrice, PRICE_SCALE);
  return { shard: instrument.shard, tickMicros, sequence, lastPriceMicros };
}
