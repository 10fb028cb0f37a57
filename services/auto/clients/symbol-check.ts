/** Whether symbols are listed on the market. */
import type { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import type { RpcClient } from '#platform/rpc/client.ts';

/** Resolves for a listed symbol. Throws SYMBOL_UNKNOWN for others, UNAVAILABLE while the market does not answer. */
export type SymbolCheck = (symbol: string, signal: AbortSignal) => Promise<void>;

/** A check that calls the market for each symbol until it was found once: an instrument is never removed. */
export function createSymbolCheck(market: Pick<RpcClient<typeof MarketService>, 'getInstrument'>): SymbolCheck {
  const known = new Set<string>();
  return async (symbol, signal) => {
    if (known.has(symbol)) return;
    await market.getInstrument({ symbol }, { signal, timeoutMs: 3_000 });
    known.add(symbol);
  };
}
