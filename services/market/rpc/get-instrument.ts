import type { GetInstrumentRequest } from '#gen/outcry/market/v1/market_pb.ts';
import type { MarketDeps } from '../deps.ts';
import { instrumentOf } from '../view/instrument-message.ts';
import { requireInstrument } from './request-fields.ts';

/** One instrument, from memory. */
export function getInstrument({ catalogue, view }: MarketDeps) {
  return async ({ symbol }: GetInstrumentRequest) => ({
    instrument: instrumentOf(requireInstrument(catalogue, symbol), view),
  });
}
