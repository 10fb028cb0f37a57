/** Whether symbols are listed, as the market says. */
import type { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import type { RpcClient } from '#platform/rpc/client.ts';

/** Resolves for a listed symbol; throws SYMBOL_UNKNOWN for others, UNAVAILABLE while the market cannot be asked. */
export type SymbolCheck = (symbol: string, signal: AbortSignal) => Promise<void>;

/** A check that asks for each symbol until it was found once: instruments stay. */
export function createSymbolCheck(market: Pick<RpcClient<typeof MarketService>, 'getInstrument'>): SymbolCheck {
  const known = new Set<string>();
  return async (symbol, signal) => {
    if (known.has(symbol)) return;
    await market.getInstrument({ symbol }, { signal, timeoutMs: 3_000 });
    known.add(symbol);
  };
}
