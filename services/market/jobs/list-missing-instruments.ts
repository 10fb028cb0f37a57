/** Lists on the exchange what it has no book of. */
import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { logRetry } from '#platform/telemetry/log-retry.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { type ListingClient, listOnExchange } from '../clients/list-on-exchange.ts';
import type { Catalogue } from '../view/catalogue.ts';
import type { MarketView } from '../view/market-view.ts';

const checkEveryMs = 2_000;
const retryMaxMs = 5_000;
const finalCodes: Code[] = [Code.ALREADY_EXISTS, Code.INVALID_ARGUMENT, Code.FAILED_PRECONDITION];

/**
 * Lists every instrument that the view lacks, with backoff until the exchange has it, and checks again every two seconds until the
 * signal aborts. Every replica does this: a listing is keyed by symbol and terms.
 */
export async function listMissingInstruments(options: {
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

function isFinal(error: unknown): boolean {
  return error instanceof OutcryError && finalCodes.includes(error.code);
}
