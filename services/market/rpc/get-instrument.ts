import type { GetInstrumentRequest } from '#gen/outcry/market/v1/market_pb.ts';
import type { MarketDeps } from '../deps.ts';
import { instrumentOf } from './messages/instrument-message.ts';
import { requireInstrument } from './request-fields.ts';

/** One instrument, from memory. */
export async function getInstrument({ catalogue, view }: MarketDeps, { symbol }: GetInstrumentRequest) {
  return {
    instrument: instrumentOf(requireInstrument(catalogue, symbol), view.get(symbol)),
  };
}
