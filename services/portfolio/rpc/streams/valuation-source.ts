/** The messages of one valuation stream: the whole portfolio whenever a fill or a price has changed it, only the latest. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { StreamValuationResponseSchema } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import type { SourceOpener } from '#platform/stream/serve-stream.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { startTimer, type Timer } from '#platform/time/timer.ts';
import type { PortfolioDeps } from '../../deps.ts';
import { type Holdings, heldSymbols, value } from '../../domain/valuation.ts';
import { readHoldings } from '../../store/read-holdings.ts';
import { portfolioMessage } from '../messages/portfolio.ts';
import { createReloader } from './reloader.ts';

/** A message of the stream. */
export type ValuationMessage = MessageInitShape<typeof StreamValuationResponseSchema>;

/** Opens the source; `onHoldings` gets the position of the ledger's feed at which the holdings are. */
export function valuationSource(
  deps: PortfolioDeps,
  options: { accountId: string; logger: Logger; onHoldings: (sequence: bigint) => void },
): SourceOpener<ValuationMessage> {
  const { accountId, logger, onHoldings } = options;
  return (wake) => {
    let holdings: Holdings | undefined;
    let symbols: string[] = [];
    let isDue = false;
    let priceTimer: Timer | undefined;

    const onChange = () => {
      isDue = true;
      wake();
    };
    const prices = deps.prices.subscribe(onChange);
    // Without the price that is on its way, new shares would look worthless for a moment: the message waits for it, but not for long.
    const isWaiting = () => priceTimer !== undefined && symbols.some((symbol) => !prices.isKnown(symbol));
    const stopWaiting = () => {
      priceTimer?.[Symbol.dispose]();
      priceTimer = undefined;
    };
    const reloader = createReloader({
      load: () => readHoldings(deps.db, accountId),
      onLoaded(loaded) {
        holdings = loaded;
        symbols = heldSymbols(loaded);
        prices.follow(symbols);
        stopWaiting();
        priceTimer = startTimer(deps.times.priceWaitMs, () => {
          stopWaiting();
          wake();
        });
        onHoldings(loaded.sequence);
        onChange();
      },
      onFailure: (error) => logger.warn({ error }, 'the holdings cannot be read at the moment'),
    });
    const watch = deps.notices.watch(accountId, reloader.request);
    reloader.request();

    return {
      take() {
        if (!isDue || holdings === undefined || isWaiting()) return undefined;
        isDue = false;
        const portfolio = portfolioMessage(accountId, holdings, value(holdings, prices.lastPrice));
        return { ledgerSequence: holdings.sequence, message: { case: 'portfolio', value: portfolio } };
      },
      [Symbol.dispose]() {
        stopWaiting();
        watch[Symbol.dispose]();
        reloader[Symbol.dispose]();
        prices[Symbol.dispose]();
      },
    };
  };
}
