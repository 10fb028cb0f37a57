/** Sees to it that the exchange has a book for every instrument. */
import { CommandOutcome, type ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { formatDecimal, PRICE_SCALE, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import { logRetry } from '#platform/telemetry/log-retry.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import type { Terms } from '../domain/instrument.ts';
import { outcomeError } from '../rpc/messages/command-error.ts';
import type { Catalogue } from '../view/catalogue.ts';
import type { MarketView } from '../view/market-view.ts';

/** The calls that listing needs. */
export type ListingClient = Pick<RpcClient<typeof ExchangeService>, 'listSymbol'>;

/** Opens the instrument's book; the same terms again change nothing. Throws what the exchange refused. */
export async function listOnExchange(exchange: ListingClient, terms: Terms, signal?: AbortSignal): Promise<void> {
  const { symbol, tickSize, lotSize, currency, bandBps, referencePrice } = terms;
  const listing = {
    symbol,
    tickSize: formatDecimal(tickSize, PRICE_SCALE),
    lotSize: formatDecimal(lotSize, QUANTITY_SCALE),
    currency,
    bandBps,
    referencePriceTicks: referencePrice / tickSize,
  };
  const { result } = await exchange.listSymbol({ listing }, { signal });
  if (result?.outcome === CommandOutcome.REJECTED) throw outcomeError(result);
}

const checkEveryMs = 2_000;
const retryMaxMs = 5_000;

/**
 * Lists what the view does not have, again and again with backoff until the exchange has it, then looks again every two seconds,
 * until the signal aborts. Every replica does this: listing is keyed by symbol and terms.
 */
export async function keepListed(options: {
  exchange: ListingClient;
  catalogue: Catalogue;
  view: MarketView;
  /** Whether the view has been built, so that what it lacks is not listed. */
  isBuilt: () => boolean;
  signal: AbortSignal;
  logger: Logger;
}): Promise<void> {
  const { exchange, catalogue, view, isBuilt, signal, logger } = options;
  const refused = new Set<string>();
  let failures = 0;
  while (!signal.aborted) {
    const missing = isBuilt() ? catalogue.list().filter(({ symbol }) => !view.get(symbol) && !refused.has(symbol)) : [];
    try {
      for (const terms of missing) {
        await listOnExchange(exchange, terms, signal).catch((error: unknown) => {
          if (!isFinal(error)) throw error;
          refused.add(terms.symbol);
          logger.error({ symbol: terms.symbol, error }, 'the exchange does not list the instrument');
        });
      }
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      logRetry(logger, { missingCount: missing.length }, error, 'instruments could not be listed yet');
    }
    const isWaiting = failures === 0 && isBuilt();
    await pause(isWaiting ? checkEveryMs : backoffMs(failures, 100, retryMaxMs), signal);
  }
}

const finalCodes: Code[] = [Code.ALREADY_EXISTS, Code.INVALID_ARGUMENT, Code.FAILED_PRECONDITION];

function isFinal(error: unknown): boolean {
  return error instanceof OutcryError && finalCodes.includes(error.code);
}
