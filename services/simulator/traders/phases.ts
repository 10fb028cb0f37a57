/** In which phase of its day each book is: the house sends no orders that the book would refuse. */
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { SimulatorClients } from './clients.ts';
import type { Clock } from './clock.ts';

/** What a book does with orders: it trades them, collects them before an auction or in one that opens or closes it, or takes none. */
export type Phase = 'trading' | 'collecting' | 'opening' | 'closing' | 'closed';

/** The phases of all books. */
export type Phases = {
  /** Of a book that has neither sessions nor a circuit breaker it is always `trading`. */
  of(symbol: string): Phase;
  /** Looks every second until the signal aborts; then it rejects. */
  follow(): Promise<void>;
};

const everyMs = 1_000;
/** The most that one request may name. */
const symbolsMax = 100;

const phases: Partial<Record<TradingState, Phase>> = {
  [TradingState.PRE_OPEN]: 'collecting',
  [TradingState.OPENING_AUCTION]: 'opening',
  [TradingState.CLOSING_AUCTION]: 'closing',
  [TradingState.HALTED]: 'closed',
  [TradingState.CLOSED]: 'closed',
  [TradingState.DELISTED]: 'closed',
};

/** The phases of the books that may stop trading, as they were listed at first. */
export function createPhases(options: {
  market: SimulatorClients['market'];
  /** The state of each book that has sessions or a circuit breaker. */
  states: ReadonlyMap<string, TradingState>;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
}): Phases {
  const { market, clock, logger, signal } = options;
  const states = new Map(options.states);
  const symbols = [...states.keys()];
  const look = async () => {
    for (let first = 0; first < symbols.length; first += symbolsMax) {
      const { quotes } = await market.listQuotes({ symbols: symbols.slice(first, first + symbolsMax) }, { signal });
      for (const { symbol, state } of quotes) states.set(symbol, state);
    }
  };
  return {
    of: (symbol) => phases[states.get(symbol) ?? TradingState.CONTINUOUS] ?? 'trading',
    async follow() {
      while (symbols.length > 0) {
        await clock.sleep(everyMs, signal);
        await look().catch((error: unknown) => {
          if (!signal.aborted) logger.info({ error }, 'the phases of books could not be read; they are read again');
        });
      }
    },
  };
}
