import type { HaltInstrumentRequest } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import type { MarketDeps } from '../deps.ts';
import { driveBook } from '../jobs/drive-book.ts';
import { saveStateCommand } from '../store/save-state-command.ts';
import { saveHalt } from '../store/trading-day.ts';
import { keyReused } from './messages/command-error.ts';
import { instrumentOf } from './messages/instrument-message.ts';
import { commandedState } from './messages/interruption-message.ts';
import { calendarOfInstrument, requireInstrument } from './request-fields.ts';

/**
 * Halts trading: no order matches until it is resumed. The halt is stored before it is sent: when the exchange is unavailable the call fails
 * and the halt takes effect as soon as it is back.
 */
export async function haltInstrument(deps: MarketDeps, request: HaltInstrumentRequest, { signal }: CallContext) {
  const key = readKey(request.idempotencyKey);
  const terms = requireInstrument(deps.catalogue, request.symbol);
  const calendar = calendarOfInstrument(terms);
  const { symbol } = terms;
  const state = TradingState.HALTED;
  const stored = await deps.db.transaction(async (tx) => {
    const command = await saveStateCommand(tx, { key, symbol, state, auctionMs: undefined });
    if (command.isNew) await saveHalt(tx, symbol, key);
    return command.stored;
  });
  if (stored.symbol !== symbol || stored.state !== state) throw keyReused();
  await driveBook(deps, { symbol, calendar, isOrdered: true, signal });
  return { instrument: instrumentOf(terms, { ...deps.view.get(symbol), ...commandedState(state) }) };
}
