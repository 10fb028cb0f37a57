import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { CommandOutcome } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { HaltInstrumentRequest, ResumeInstrumentRequest } from '#gen/outcry/market/v1/market_pb.ts';
import type { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { alreadyExists } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import type { MarketDeps } from '../deps.ts';
import { keepStateCommand } from '../store/keep-state-command.ts';
import { instrumentOf } from '../view/instrument-message.ts';
import { outcomeError } from './messages/command-error.ts';
import { requireInstrument } from './request-fields.ts';

/**
 * Halts or resumes: `state` is what the call sets. The key is the exchange's command id, so a repeat changes nothing, and is kept
 * here with what it stood for, so that it cannot mean two things.
 */
export function setTradingState({ db, catalogue, view, exchange }: MarketDeps, state: TradingState) {
  return async (request: HaltInstrumentRequest | ResumeInstrumentRequest, { signal }: CallContext) => {
    const key = readKey(request.idempotencyKey);
    const terms = requireInstrument(catalogue, request.symbol);
    const { symbol } = terms;
    const kept = await keepStateCommand(db, { key, symbol, state });
    if (kept.symbol !== symbol || kept.state !== state) {
      throw alreadyExists(ErrorReason.KEY_REUSED, 'the key was used before with another body');
    }
    const { result } = await exchange.setTradingState({ commandId: key, symbol, state }, { signal });
    if (result?.outcome === CommandOutcome.REJECTED) throw outcomeError(result);
    return { instrument: instrumentOf(terms, view, state) };
  };
}
