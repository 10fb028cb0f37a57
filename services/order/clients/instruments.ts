import type { Instrument as InstrumentMessage } from '#gen/outcry/market/v1/market_pb.ts';
import { PRICE_SCALE, parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import { tickLotCents } from '#platform/money/grid.ts';
import { logRetry } from '#platform/telemetry/log-retry.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Clients } from './clients.ts';

/** The instruments of the market service. */
export type Instruments = {
  /** The instrument of a symbol; undefined when the market has none. Rejects UNAVAILABLE when the catalogue cannot be read. */
  find(symbol: string): Promise<Instrument | undefined>;
};

const ageMaxMs = 10_000;
const unknownAgeMaxMs = 500;
const pagesMax = 50;

/**
 * A copy of the catalogue. A known symbol is answered from the copy, which is then renewed in the background when it is over 10 s old;
 * for an unknown symbol it is renewed first, at most twice a second.
 */
export function createInstruments(options: { market: Clients['market']; logger: Logger }): Instruments {
  const { market, logger } = options;
  let copy = new Map<string, Instrument>();
  let readTimeMs = Number.NEGATIVE_INFINITY;
  let renewing: Promise<void> | undefined;

  const renew = (): Promise<void> => {
    renewing ??= readAll(market, logger)
      .then((read) => {
        copy = read;
        readTimeMs = performance.now();
      })
      .finally(() => {
        renewing = undefined;
      });
    return renewing;
  };

  return {
    async find(symbol) {
      const ageMs = performance.now() - readTimeMs;
      const known = copy.get(symbol);
      if (known === undefined && ageMs > unknownAgeMaxMs) {
        await renew();
        return copy.get(symbol);
      }
      if (ageMs > ageMaxMs)
        renew().catch((error) => logRetry(logger, {}, error, 'the instruments could not be read again'));
      return known;
    },
  };
}

async function readAll(market: Clients['market'], logger: Logger): Promise<Map<string, Instrument>> {
  const read = new Map<string, Instrument>();
  let pageToken = '';
  for (let page = 0; page < pagesMax; page += 1) {
    const { instruments, nextPageToken } = await market.listInstruments({ pageSize: 200, pageToken });
    for (const message of instruments) {
      try {
        read.set(message.symbol, fromInstrument(message));
      } catch (error) {
        logger.error(
          { error, symbol: message.symbol },
          'an instrument cannot be traded: its terms do not fit the ledger',
        );
      }
    }
    pageToken = nextPageToken;
    if (pageToken === '') break;
  }
  return read;
}

function fromInstrument(message: InstrumentMessage): Instrument {
  const tickMicros = parseDecimal(message.tickSize, PRICE_SCALE, { min: 1n });
  const lotMicros = parseDecimal(message.lotSize, QUANTITY_SCALE, { min: 1n });
  const reference = message.referencePrice === '' ? 0n : parseDecimal(message.referencePrice, PRICE_SCALE);
  const cents = tickLotCents(tickMicros, lotMicros);
  if (cents === undefined) throw new RangeError('a tick of a lot is not a whole number of cents');
  return {
    symbol: message.symbol,
    shard: message.shard,
    tickMicros,
    lotMicros,
    tickLotCents: cents,
    bandBps: message.bandBps,
    referencePriceTicks: reference / tickMicros,
  };
}
