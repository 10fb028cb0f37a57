import type { Instrument } from '../domain/instrument.ts';
import type { Clients } from './clients.ts';
import type { PriceCopy } from './price-copy.ts';

/** The instruments of the market service. */
export type Instruments = {
  /**
   * The instrument of a symbol; undefined when the market has none. A known one is answered from memory, without a promise. Rejects
   * UNAVAILABLE when it is not known and the market cannot be asked.
   */
  find(symbol: string): Instrument | undefined | Promise<Instrument | undefined>;
};

const unknownAgeMaxMs = 500;
const timeoutMs = 1_000;

/**
 * Instruments from the copy. The market is asked for a symbol that the copy lacks, as it may be newer than the stream or the stream not
 * open yet: at most twice a second for all who wait.
 */
export function createInstruments(options: {
  copy: PriceCopy;
  market: Pick<Clients['market'], 'getTerms'>;
}): Instruments {
  const { copy, market } = options;
  let readTimeMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const read = (): Promise<void> => {
    reading ??= market
      .getTerms({}, { timeoutMs })
      .then(({ instruments }) => {
        copy.addTerms(instruments);
        readTimeMs = performance.now();
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  return {
    find(symbol) {
      const known = copy.instrument(symbol);
      if (known !== undefined || performance.now() - readTimeMs <= unknownAgeMaxMs) return known;
      return read().then(() => copy.instrument(symbol));
    },
  };
}
