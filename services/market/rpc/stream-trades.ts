import { type StreamTradesRequest, StreamTradesResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import type { MarketDeps } from '../deps.ts';
import { askedSymbols, requireBuilt, symbolsMax } from './request-fields.ts';
import { readMissed } from './streams/missed-trades.ts';
import { readResume, serveSymbolStream } from './streams/symbol-stream.ts';
import { tradeSource } from './streams/trade-source.ts';

/** Trades as they happen; a slow reader gets the number that it missed, a resumed one the trades since. */
export async function* streamTrades(deps: MarketDeps, request: StreamTradesRequest, { signal }: CallContext) {
  const symbols = [...new Set(askedSymbols(deps.catalogue, request.symbols))];
  const positions = readResume(request);
  requireBuilt(deps);
  const missed = await readMissed(deps, symbols, positions, signal);
  yield* serveSymbolStream(deps, request, {
    schema: StreamTradesResponseSchema,
    symbols,
    symbolsMax,
    signal,
    open: (wake, { heartbeat }) => tradeSource(deps.view, symbols, { missed, heartbeat })(wake),
  });
}
