import type { HaltInstrumentRequest } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import { setTradingState } from '../clients/set-trading-state.ts';
import type { MarketDeps } from '../deps.ts';
import { instrumentOf } from './messages/instrument-message.ts';
import { requireInstrument } from './request-fields.ts';

/** Halts trading: no order matches until it is resumed. */
export async function haltInstrument(deps: MarketDeps, request: HaltInstrumentRequest, { signal }: CallContext) {
  const key = readKey(request.idempotencyKey);
  const terms = requireInstrument(deps.catalogue, request.symbol);
  const { symbol } = terms;
  const state = TradingState.HALTED;
  await setTradingState(deps, { key, symbol, state }, signal);
  return { instrument: instrumentOf(terms, { ...deps.view.get(symbol), state }) };
}
