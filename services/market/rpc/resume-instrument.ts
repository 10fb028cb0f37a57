import type { ResumeInstrumentRequest } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import { setTradingState } from '../clients/set-trading-state.ts';
import type { MarketDeps } from '../deps.ts';
import { instrumentOf } from './messages/instrument-message.ts';
import { requireInstrument } from './request-fields.ts';

/** Resumes continuous trading. */
export async function resumeInstrument(deps: MarketDeps, request: ResumeInstrumentRequest, { signal }: CallContext) {
  const key = readKey(request.idempotencyKey);
  const terms = requireInstrument(deps.catalogue, request.symbol);
  const { symbol } = terms;
  const state = TradingState.CONTINUOUS;
  await setTradingState(deps, { key, symbol, state }, signal);
  return { instrument: instrumentOf(terms, { ...deps.view.get(symbol), state }) };
}
