/** The messages of one valuation stream: the whole portfolio whenever a fill or a price changed it, only the latest one. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { StreamValuationResponseSchema } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import type { SourceOpener } from '#platform/stream/serve-stream.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { startTimer, type Timer } from '#platform/time/timer.ts';
import type { Holdings } from '../domain/valuation.ts';
import { heldSymbols, value } from '../domain/valuation.ts';
import type { PortfolioDeps } from '../portfolio-deps.ts';
import { portfolioMessage } from '../portfolio-message.ts';
import { readHoldings } from '../store/read-holdings.ts';
import { createReloader } from './reloader.ts';

/** A message of the stream. */
export type ValuationMessage = MessageInitShape<typeof StreamValuationResponseSchema>;

/** Opens the source; `onHoldings` is told the position of the ledger's feed at which the holdings stand. */
export function valuationSource(
  deps: PortfolioDeps,
  options: { accountId: string; logger: Logger; onHoldings: (sequence: bigint) => void },
): SourceOpener<ValuationMessage> {
  const { accountId, logger, onHoldings } = options;
  return (wake) => {
    let holdings: Holdings | undefined;
    let symbols: string[] = [];
    let isDue = false;
    let patience: Timer | undefined;

    const changed = () => {
      isDue = true;
      wake();
    };
    const prices = deps.prices.subscribe(changed);
    // Shares whose price is on its way would look worthless for a moment: the message waits for it, but not for long.
    const isWaiting = () => patience !== undefined && symbols.some((symbol) => !prices.isKnown(symbol));
    const onPatienceEnd = () => {
      patience = undefined;
      wake();
    };
    const reloader = createReloader({
      load: () => readHoldings(deps.db, accountId),
      onLoaded(loaded) {
        holdings = loaded;
        symbols = heldSymbols(loaded);
        prices.follow(symbols);
        patience?.[Symbol.dispose]();
        patience = startTimer(deps.times.priceWaitMs, onPatienceEnd);
        onHoldings(loaded.sequence);
        changed();
      },
      onFailure: (error) => logger.warn({ error }, 'holdings cannot be read at the moment'),
    });
    const watch = deps.changes.watch(accountId, reloader.request);
    reloader.request();

    return {
      take() {
        if (!isDue || holdings === undefined || isWaiting()) return undefined;
        isDue = false;
        const portfolio = portfolioMessage(accountId, holdings, value(holdings, prices.lastPrice));
        return { ledgerSequence: holdings.sequence, message: { case: 'portfolio', value: portfolio } };
      },
      [Symbol.dispose]() {
        patience?.[Symbol.dispose]();
        watch[Symbol.dispose]();
        reloader[Symbol.dispose]();
        prices[Symbol.dispose]();
      },
    };
  };
}
