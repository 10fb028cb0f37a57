import { CommandOutcome, type ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { formatDecimal, PRICE_SCALE, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { Terms } from '../domain/instrument.ts';
import { commandError } from '../rpc/messages/command-error.ts';

/** The call that opens a book. */
export type ListingClient = Pick<RpcClient<typeof ExchangeService>, 'listSymbol'>;

/** Opens the instrument's book; the same terms again change nothing. Throws what the exchange refused. */
export async function listOnExchange(exchange: ListingClient, terms: Terms, signal?: AbortSignal): Promise<void> {
  const { symbol, tickSize, lotSize, currency, bandBps, referencePrice } = terms;
  const { breakerBps, breakerHaltMs, breakerAuctionMs } = terms;
  const listing = {
    symbol,
    tickSize: formatDecimal(tickSize, PRICE_SCALE),
    lotSize: formatDecimal(lotSize, QUANTITY_SCALE),
    currency,
    bandBps,
    referencePriceTicks: referencePrice / tickSize,
    ...{ breakerBps, breakerHaltMs, breakerAuctionMs },
  };
  const { result } = await exchange.listSymbol({ listing }, { signal });
  if (result?.outcome === CommandOutcome.REJECTED) throw commandError(result);
}
